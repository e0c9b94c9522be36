/** Path of the control channel on the sandbox. */
export const CONTROL_PATH = '/control'

/** Path prefix of the labs; what follows is the lab's name. */
export const LAB_PATH_PREFIX = '/lab/'

/** Query parameter that carries a ticket. */
export const TICKET_PARAMETER = 'ticket'

/** WebSocket subprotocols the echo lab speaks, the one it likes best first. */
export const ECHO_SUBPROTOCOLS = ['anatomy.v2', 'anatomy.v1'] as const

/** The lab whose server the page plays: after a good opening handshake every byte it answers comes from the page. */
export const PLAYED_LAB = 'played'
