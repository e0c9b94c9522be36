import { expect, test } from 'vitest'
import { roomName } from '../../../../src/components/labs/room-name.ts'

test.each([0, 35, 36, 255])('a room made of the byte %i has a name that the sandbox takes', byte => {
  expect(roomName(length => new Uint8Array(length).fill(byte))).toMatch(/^[a-z0-9]{24}$/)
})
