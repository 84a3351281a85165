/**
 * TensorBoard's Event message (tensorflow/core/util/event.proto) with the few fields that scalars need, in protobuf's
 * wire format: a key of field number and type, then the value.
 */
export type EventContents =
  | { readonly fileVersion: string }
  /** A run that goes on: TensorBoard forgets what earlier files say from this step on. */
  | { readonly restart: true }
  | { readonly scalars: Readonly<Record<string, number>> }

/** @param event.wallTime seconds since 1970 */
export function encodeEvent(event: { wallTime: number; step: number } & EventContents): Uint8Array {
  const head = [double(1, event.wallTime), whole(2, event.step)]
  if ('fileVersion' in event) return Buffer.concat([...head, text(3, event.fileVersion)])
  if ('restart' in event) return Buffer.concat([...head, message(7, [whole(1, sessionStart)])])
  const values = Object.entries(event.scalars).map(([tag, value]) =>
    message(1, [text(1, tag), float(2, value)]),
  )
  return Buffer.concat([...head, message(5, values)])
}

/** SessionLog.START */
const sessionStart = 1

/** A whole number from 0, seven bits a byte, the lowest first. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Buffer.from([...bytes, rest])
}

const key = (field: number, wireType: 0 | 1 | 2 | 5): Buffer => varint(field * 8 + wireType)
const whole = (field: number, value: number): Buffer => Buffer.concat([key(field, 0), varint(value)])
const bytes = (field: number, value: Uint8Array): Buffer =>
  Buffer.concat([key(field, 2), varint(value.length), value])
const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value))
const message = (field: number, parts: readonly Uint8Array[]): Buffer => bytes(field, Buffer.concat(parts))

function double(field: number, value: number): Buffer {
  const number = Buffer.alloc(8)
  number.writeDoubleLE(value)
  return Buffer.concat([key(field, 1), number])
}

function float(field: number, value: number): Buffer {
  const number = Buffer.alloc(4)
  number.writeFloatLE(value)
  return Buffer.concat([key(field, 5), number])
}
