import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyMask } from '#protocol/mask.ts'

describe('masking', () => {
  it('is octet i XOR key octet i mod 4, at any alignment, length and position', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 250, maxLength: 900 })),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc.nat({ max: 7 }),
        fc.nat({ max: 1000 }),
        (payload, key, offset, position) => {
          const bytes = new Uint8Array(new ArrayBuffer(offset + payload.length + 9), offset, payload.length)
          bytes.set(payload)
          applyMask(bytes, key, position)
          expect(bytes).toEqual(payload.map((byte, i) => byte ^ (key[(position + i) % 4] ?? 0)))
          expect(new Uint8Array(bytes.buffer).subarray(offset + payload.length)).toEqual(new Uint8Array(9))
        },
      ),
    )
  })

  it('is that at any alignment of what is long enough for wider words, and of not a byte beside it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 120, max: 3000 }),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc.nat({ max: 9 }),
        fc.nat({ max: 7 }),
        (length, key, offset, position) => {
          const whole = new Uint8Array(offset + length + 9).map((_, i) => i * 31)
          const before = whole.slice()
          applyMask(whole.subarray(offset, offset + length), key, position)
          const wanted = before.map((byte, i) =>
            i < offset || i >= offset + length ? byte : byte ^ (key[(position + i - offset) % 4] ?? 0),
          )
          expect(Buffer.compare(whole, wanted)).toBe(0)
        },
      ),
    )
  })

  it('twice gives back what was there', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i)
    const key = Uint8Array.of(1, 2, 3, 4)
    const masked = bytes.slice()
    applyMask(masked, key)
    expect(masked).not.toEqual(bytes)
    applyMask(masked.subarray(0, 333), key)
    applyMask(masked.subarray(333), key, 333)
    expect(masked).toEqual(bytes)
  })
})
