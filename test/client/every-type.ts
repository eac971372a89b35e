/** A service whose messages have fields of every type, with RPCs of every kind. Each RPC returns its request. */
export const EVERY_TYPE = `
syntax = "proto3";
package every.v1;
import "google/api/annotations.proto";
import "google/api/httpbody.proto";
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";

// A color.
enum Color {
  COLOR_UNSPECIFIED = 0;
  RED = 1;
  GREEN = -2;
}

message Node {
  string name = 1;
  Node child = 2;
  optional bool leaf = 3;
}

message Everything {
  double f_double = 1;
  float f_float = 2;
  int32 f_int32 = 3;
  int64 f_int64 = 4;
  uint32 f_uint32 = 5;
  uint64 f_uint64 = 6;
  sint32 f_sint32 = 7;
  sint64 f_sint64 = 8;
  fixed32 f_fixed32 = 9;
  fixed64 f_fixed64 = 10;
  sfixed32 f_sfixed32 = 11;
  sfixed64 f_sfixed64 = 12;
  bool f_bool = 13;
  string f_string = 14;
  bytes f_bytes = 15;
  Color color = 16;
  Node node = 17;
  repeated int64 int64s = 20;
  repeated bytes bytess = 21;
  repeated Color colors = 22;
  repeated Node nodes = 23;
  repeated double doubles = 24;
  optional int64 maybe_int64 = 30;
  optional bytes maybe_bytes = 31;
  optional string maybe_string = 32;
  optional Color maybe_color = 33;
  map<string, bytes> by_string = 40;
  map<int32, Color> by_int32 = 41;
  map<int64, Node> by_int64 = 42;
  map<uint64, string> by_uint64 = 43;
  map<bool, int64> by_bool = 44;
  oneof choice {
    int64 chosen_int64 = 50;
    string chosen_string = 51;
    bytes chosen_bytes = 52;
    Node chosen_node = 53;
    bool chosen_bool = 54;
  }
  string odd_name = 60 [json_name = "even"];
  string trailing_ = 61;
  google.protobuf.Timestamp time = 70;
  google.protobuf.Duration duration = 71;
  google.protobuf.FieldMask mask = 72;
  google.protobuf.Struct struct = 73;
  google.protobuf.Value value = 74;
  google.protobuf.ListValue list = 75;
  google.protobuf.Empty empty = 76;
  google.protobuf.StringValue string_value = 80;
  google.protobuf.BytesValue bytes_value = 81;
  google.protobuf.Int64Value int64_value = 82;
  google.protobuf.UInt64Value uint64_value = 83;
  google.protobuf.Int32Value int32_value = 84;
  google.protobuf.UInt32Value uint32_value = 85;
  google.protobuf.BoolValue bool_value = 86;
  google.protobuf.DoubleValue double_value = 87;
  google.protobuf.FloatValue float_value = 88;
  repeated google.protobuf.Timestamp times = 90;
  repeated google.protobuf.Duration durations = 91;
}

message Packet {
  google.protobuf.Any any = 1;
  string name = 2;
}

message Upload {
  string name = 1;
  google.api.HttpBody body = 2;
}

service Every {
  rpc Whole(Everything) returns (Everything) {
    option (google.api.http) = { post: "/v1/whole" body: "*" };
  }
  rpc Part(Everything) returns (Everything) {
    option (google.api.http) = { put: "/v1/part/{f_string}/{node.name=nodes/*}/{f_int64}" body: "nodes" response_body: "nodes" };
  }
  rpc Ask(Everything) returns (Everything) {
    option (google.api.http) = {
      get: "/v1/ask/{node.name=nodes/*/leaves/**}:ask"
      additional_bindings { get: "/v1/ask" }
    };
  }
  rpc Pack(Packet) returns (Packet) {
    option (google.api.http) = { post: "/v1/pack" body: "*" };
  }
  rpc Put(Upload) returns (Upload) {
    option (google.api.http) = { put: "/v1/files/{name}" body: "body" response_body: "body" };
  }
  rpc Raw(google.api.HttpBody) returns (google.api.HttpBody) {
    option (google.api.http) = { post: "/v1/raw" body: "*" };
  }
  rpc RawStream(google.api.HttpBody) returns (stream google.api.HttpBody) {
    option (google.api.http) = { post: "/v1/raws" body: "*" };
  }
  rpc Text(google.protobuf.StringValue) returns (google.protobuf.StringValue) {
    option (google.api.http) = { post: "/v1/text" body: "*" };
  }
  rpc Number(google.protobuf.Int64Value) returns (google.protobuf.Int64Value) {
    option (google.api.http) = { post: "/v1/number" body: "*" };
  }
  rpc Json(google.protobuf.Struct) returns (google.protobuf.Struct) {
    option (google.api.http) = { post: "/v1/json" body: "*" };
  }
  rpc Time(google.protobuf.Timestamp) returns (google.protobuf.Timestamp) {
    option (google.api.http) = { post: "/v1/time" body: "*" };
  }
  rpc Nothing(google.protobuf.Empty) returns (google.protobuf.Empty) {
    option (google.api.http) = { post: "/v1/nothing" body: "*" };
  }
  rpc Download(Everything) returns (stream Everything) {
    option (google.api.http) = { get: "/v1/download/{f_string}" };
  }
  rpc Gather(stream Node) returns (Node) {
    option (google.api.http) = { post: "/v1/gather" body: "*" };
  }
  rpc GatherFor(stream Node) returns (Node) {
    option (google.api.http) = { post: "/v1/gather/{name}" body: "*" };
  }
  rpc Talk(stream Everything) returns (stream Everything) {
    option (google.api.http) = { post: "/v1/talk" body: "*" };
  }
  rpc Unbound(Node) returns (Node);
}
`;
