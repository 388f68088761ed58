import protobuf from 'protobufjs';

/**
 * The part of onnx/onnx.proto (ONNX 1.12) that the import uses, with names of its own. Field numbers never
 * change. A field that is only refused, such as values in another file, is declared as bytes.
 */
const schema = `
  syntax = "proto2";
  message Model {
    optional string producer = 2;
    optional string version = 3;
    optional Graph graph = 7;
    repeated OperatorSet opsets = 8;
  }
  message OperatorSet {
    optional string domain = 1;
    optional int64 version = 2;
  }
  message Graph {
    repeated Node nodes = 1;
    repeated StoredTensor initializers = 5;
    repeated ValueInfo inputs = 11;
    repeated ValueInfo outputs = 12;
    optional bytes sparse = 15;
  }
  message Node {
    repeated string inputs = 1;
    repeated string outputs = 2;
    optional string name = 3;
    optional string operator = 4;
    repeated Attribute attributes = 5;
    optional string domain = 7;
  }
  message Attribute {
    optional string name = 1;
    optional float float = 2;
    optional int64 integer = 3;
    optional string text = 4;
    optional StoredTensor tensor = 5;
    repeated float floats = 7;
    repeated int64 integers = 8;
    repeated string texts = 9;
    optional int32 type = 20;
  }
  message StoredTensor {
    repeated int64 dims = 1;
    optional int32 type = 2;
    repeated float floats = 4;
    repeated int64 int32s = 5;
    repeated int64 int64s = 7;
    optional string name = 8;
    optional bytes raw = 9;
    repeated double doubles = 10;
    optional bytes elsewhere = 13;
  }
  message ValueInfo {
    optional string name = 1;
    optional Type type = 2;
  }
  message Type { optional TensorType tensor = 1; }
  message TensorType {
    optional int32 element = 1;
    optional Shape shape = 2;
  }
  message Shape { repeated Dimension dims = 1; }
  message Dimension { optional int64 size = 1; }
`;

export const modelType = protobuf.parse(schema, { keepCase: true }).root.lookupType('Model');

/** A decoded model. A text that is absent is empty, a list has no entries, and a message is null. */
export interface ModelMessage {
  readonly producer: string;
  readonly version: string;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: {
    readonly nodes: readonly Node[];
    readonly initializers: readonly StoredTensor[];
    readonly inputs: readonly ValueInfo[];
    readonly outputs: readonly ValueInfo[];
    readonly sparse: Uint8Array;
  } | null;
}

/** `domain` is "" for ONNX's own operators. An omitted input has the name "". */
export interface Node {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly Attribute[];
}

/** Only the field of its type is set. */
export interface Attribute {
  readonly name: string;
  readonly float: number;
  readonly integer: number;
  readonly text: string;
  readonly tensor: StoredTensor;
  readonly floats: readonly number[];
  readonly integers: readonly number[];
  readonly texts: readonly string[];
  readonly type: number;
}

/** The values are in `raw`, or in the list of their type. */
export interface StoredTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: number;
  readonly floats: readonly number[];
  readonly int32s: readonly number[];
  readonly int64s: readonly number[];
  readonly doubles: readonly number[];
  readonly raw: Uint8Array;
}

export interface ValueInfo {
  readonly name: string;
  readonly type: {
    readonly tensor: {
      readonly element: number;
      readonly shape: { readonly dims: readonly { readonly size: number }[] } | null;
    } | null;
  } | null;
}
