// Bytes as hosts hand them over: DataView by the widget specification, Uint8Array in Colab, ArrayBuffer, base64 text in marimo.

/** The bytes of anything a host calls a buffer; views keep their own offset and length. */
export function asBytes(buffer: unknown): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  if (typeof buffer === "string") return Uint8Array.from(atob(buffer), (c) => c.charCodeAt(0));
  throw new TypeError(`not a buffer: ${Object.prototype.toString.call(buffer)}`);
}

const AT_ONCE = 0x8000; // String.fromCharCode takes its bytes as arguments, and engines limit how many

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += AT_ONCE) text += String.fromCharCode(...bytes.subarray(i, i + AT_ONCE));
  return btoa(text);
}

/** The numbers in little-endian `parts`, one after the other. */
export function join<T extends Uint16Array | Int16Array | Int8Array | Uint8Array>(parts: Uint8Array[], items: number, make: { new (buffer: ArrayBuffer): T; BYTES_PER_ELEMENT: number }): T {
  const bytes = new Uint8Array(items * make.BYTES_PER_ELEMENT);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length !== bytes.length) throw new RangeError(`a column of ${items} numbers came with ${length} bytes, not ${bytes.length}`);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new make(bytes.buffer);
}
