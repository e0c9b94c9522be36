/** Views of buffers up to this size are remembered: that of the chunk being read, or that which frames are written to. */
const REMEMBERED_BYTES = 128 * 1024

let remembered: DataView = new DataView(new ArrayBuffer(0))

/**
 * A view of a whole buffer, for reading and writing several bytes at once wherever they lie. The last one is
 * remembered, since making one costs as much as masking a hundred bytes.
 */
export function viewOf(buffer: ArrayBufferLike): DataView {
  if (remembered.buffer === buffer) return remembered
  const view = new DataView(buffer)
  if (view.byteLength <= REMEMBERED_BYTES) remembered = view
  return view
}
