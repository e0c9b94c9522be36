/** The two endpoints of a connection (RFC 6455 §1.1), the one that opens it first. Also says who sent a byte. */
export const ROLES = ['client', 'server'] as const
export type Role = (typeof ROLES)[number]

/** The other endpoint. */
export function peerOf(role: Role): Role {
  return role === 'client' ? 'server' : 'client'
}
