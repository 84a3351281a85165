import protobuf from 'protobufjs'

/**
 * The part of ONNX's protobuf schema that the export writes and the import reads; names and numbers of fields are those
 * of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
const field = (id: number, type: string): protobuf.IField => ({ id, type })
const many = (id: number, type: string): protobuf.IField => ({ id, type, rule: 'repeated' })

const root = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        producerVersion: field(3, 'string'),
        graph: field(7, 'GraphProto'),
        opsetImport: many(8, 'OperatorSetIdProto'),
        functions: many(25, 'FunctionProto'),
      },
    },
    FunctionProto: { fields: { node: many(7, 'NodeProto') } },
    OperatorSetIdProto: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    GraphProto: {
      fields: {
        node: many(1, 'NodeProto'),
        name: field(2, 'string'),
        initializer: many(5, 'TensorProto'),
        input: many(11, 'ValueInfoProto'),
        output: many(12, 'ValueInfoProto'),
      },
    },
    NodeProto: {
      fields: {
        input: many(1, 'string'),
        output: many(2, 'string'),
        name: field(3, 'string'),
        opType: field(4, 'string'),
        attribute: many(5, 'AttributeProto'),
      },
    },
    AttributeProto: {
      fields: {
        name: field(1, 'string'),
        i: field(3, 'int64'),
        t: field(5, 'TensorProto'),
        g: field(6, 'GraphProto'),
        ints: many(8, 'int64'),
        tensors: many(10, 'TensorProto'),
        graphs: many(11, 'GraphProto'),
        type: field(20, 'int32'),
      },
    },
    TensorProto: {
      fields: {
        dims: many(1, 'int64'),
        dataType: field(2, 'int32'),
        floatData: { ...many(4, 'float'), options: { packed: true } },
        name: field(8, 'string'),
        externalData: many(13, 'StringStringEntryProto'),
        dataLocation: field(14, 'int32'),
      },
    },
    StringStringEntryProto: { fields: { key: field(1, 'string'), value: field(2, 'string') } },
    ValueInfoProto: { fields: { name: field(1, 'string'), type: field(2, 'TypeProto') } },
    TypeProto: { fields: { tensorType: field(1, 'TensorTypeProto') } },
    TensorTypeProto: { fields: { elemType: field(1, 'int32'), shape: field(2, 'TensorShapeProto') } },
    TensorShapeProto: { fields: { dim: many(1, 'DimensionProto') } },
    DimensionProto: { fields: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') } },
  },
})

/** TensorProto.DataType FLOAT. */
export const float32 = 1
/** TensorProto.DataLocation EXTERNAL. */
export const external = 1

export interface OnnxNode {
  readonly name: string
  readonly opType: string
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly attribute: readonly OnnxAttribute[]
}

export type OnnxAttribute =
  | { readonly name: string; readonly type: typeof attributeInt; readonly i: number }
  | { readonly name: string; readonly type: typeof attributeInts; readonly ints: readonly number[] }

/** AttributeProto.AttributeType. */
const attributeInt = 2
const attributeInts = 7

export const int = (name: string, i: number): OnnxAttribute => ({ name, type: attributeInt, i })
export const ints = (name: string, list: readonly number[]): OnnxAttribute => ({
  name,
  type: attributeInts,
  ints: list,
})

export interface OnnxTensor {
  readonly name: string
  readonly dataType: number
  readonly dims: readonly number[]
  readonly floatData?: readonly number[]
  readonly dataLocation?: number
  readonly externalData?: readonly { readonly key: string; readonly value: string }[]
}

export interface OnnxValueInfo {
  readonly name: string
  readonly type: { readonly tensorType: { readonly elemType: number; readonly shape: OnnxShape } }
}

/** A size, or the name of one that is free. */
export interface OnnxShape {
  readonly dim: readonly ({ readonly dimValue: number } | { readonly dimParam: string })[]
}

export interface OnnxGraph {
  readonly name: string
  readonly node: readonly OnnxNode[]
  readonly initializer: readonly OnnxTensor[]
  readonly input: readonly OnnxValueInfo[]
  readonly output: readonly OnnxValueInfo[]
}

/** Serialises a model of IR version 8 and operator set 17, which ONNX Runtime 1.12 and later run. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const model = {
    irVersion: 8,
    producerName: 'kindred',
    graph,
    opsetImport: [{ domain: '', version: 17 }],
  }
  return root.lookupType('ModelProto').encode(model).finish()
}

/** A model as a file holds it; every list is there, and empty where the file has none. */
export interface ReadModel {
  readonly graph?: ReadGraph
  readonly functions: readonly { readonly node: readonly ReadNode[] }[]
}

export interface ReadGraph {
  readonly node: readonly ReadNode[]
  readonly initializer: readonly ReadTensor[]
  readonly input: readonly ReadValueInfo[]
  readonly output: readonly ReadValueInfo[]
}

export interface ReadNode {
  readonly attribute: readonly {
    readonly t?: ReadTensor
    readonly tensors: readonly ReadTensor[]
    readonly g?: ReadGraph
    readonly graphs: readonly ReadGraph[]
  }[]
}

export interface ReadTensor {
  readonly name?: string
  readonly dataLocation?: number
  readonly externalData: readonly { readonly key?: string; readonly value?: string }[]
}

export interface ReadValueInfo {
  readonly name?: string
  /** Without a tensor type it is a sequence, a map or an optional. */
  readonly type?: {
    readonly tensorType?: {
      readonly elemType?: number
      /** Absent where even the number of axes is unknown. */
      readonly shape?: { readonly dim: readonly { readonly dimValue?: number; readonly dimParam?: string }[] }
    }
  }
}

/** Parses an ONNX file; the values of its tensors are skipped. Throws for what is not protobuf of this schema. */
export function decodeModel(file: Uint8Array): ReadModel {
  const type = root.lookupType('ModelProto')
  return type.toObject(type.decode(file), { longs: Number, arrays: true }) as ReadModel
}
