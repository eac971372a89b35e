/**
 * A service with well-known types and with bodies that are not JSON. The server of each RPC should echo the request.
 */
export const PANTRY = `
syntax = "proto3";
package pantry.v1;
import "google/api/annotations.proto";
import "google/api/httpbody.proto";
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";

message Lid {
  string color = 1;
  int32 size = 2;
  Lid inner = 3;
  string lineNum = 4;
  string odd = 5 [json_name = "Even"];
}

message Jar {
  string name = 1;
  Lid lid = 2;
  repeated Lid lids = 3;
  map<string, string> labels = 4;
  google.protobuf.Timestamp opened = 5;
  google.protobuf.Duration age = 6;
  google.protobuf.Struct notes = 7;
  google.protobuf.Value extra = 8;
  google.protobuf.ListValue list = 9;
  google.protobuf.Any any = 10;
  google.protobuf.Empty nothing = 11;
  google.protobuf.BoolValue full = 12;
  google.protobuf.StringValue title = 13;
  google.protobuf.Int64Value number = 14;
  google.protobuf.BytesValue code = 15;
  google.protobuf.DoubleValue price = 16;
  google.protobuf.FieldMask mask = 17;
  repeated google.protobuf.UInt64Value amounts = 18;
  repeated google.protobuf.Timestamp times = 19;
  map<string, google.protobuf.Duration> ages = 20;
  google.protobuf.NullValue null = 21;
  repeated google.protobuf.Value values = 22;
}

message UpdateJarRequest {
  Jar jar = 1;
  google.protobuf.FieldMask update_mask = 2;
}

message Parcel {
  string name = 1;
  google.api.HttpBody body = 2;
  int32 weight = 3;
}

service Pantry {
  rpc Get(Jar) returns (Jar) {
    option (google.api.http) = {
      get: "/v1/jars"
      additional_bindings { get: "/v1/times/{opened}/{age}/{full}/{title}/{number}" }
      additional_bindings { post: "/v1/times/{opened}/{number}" body: "*" }
      additional_bindings { post: "/v1/jars" body: "*" }
    };
  }
  rpc Set(Jar) returns (Jar) {
    option (google.api.http) = {
      post: "/v1/set/opened"
      body: "opened"
      additional_bindings { post: "/v1/set/extra" body: "extra" }
      additional_bindings { post: "/v1/set/notes" body: "notes" }
      additional_bindings { post: "/v1/set/title" body: "title" }
      additional_bindings { post: "/v1/set/any" body: "any" }
    };
  }
  rpc Part(Jar) returns (Jar) {
    option (google.api.http) = {
      post: "/v1/part/opened"
      body: "*"
      response_body: "opened"
      additional_bindings { post: "/v1/part/extra" body: "*" response_body: "extra" }
      additional_bindings { post: "/v1/part/notes" body: "*" response_body: "notes" }
      additional_bindings { post: "/v1/part/list" body: "*" response_body: "list" }
      additional_bindings { post: "/v1/part/number" body: "*" response_body: "number" }
      additional_bindings { post: "/v1/part/amounts" body: "*" response_body: "amounts" }
      additional_bindings { post: "/v1/part/nothing" body: "*" response_body: "nothing" }
      additional_bindings { post: "/v1/part/any" body: "*" response_body: "any" }
    };
  }
  rpc Update(UpdateJarRequest) returns (UpdateJarRequest) {
    option (google.api.http) = {
      patch: "/v1/{jar.name=jars/*}"
      body: "jar"
      response_body: "update_mask"
      additional_bindings { patch: "/v1/whole/{jar.name}" body: "jar" }
      additional_bindings { put: "/v1/{jar.name=jars/*}" body: "jar" }
      additional_bindings { patch: "/v1/jars" body: "*" }
    };
  }
  rpc Send(google.api.HttpBody) returns (google.api.HttpBody) {
    option (google.api.http) = { post: "/v1/raw" body: "*" };
  }
  rpc Keep(Parcel) returns (Parcel) {
    option (google.api.http) = {
      put: "/v1/parcels/{name}"
      body: "body"
      additional_bindings { put: "/v1/parcels/{name}/body" body: "body" response_body: "body" }
      additional_bindings { post: "/v1/parcels" body: "*" }
    };
  }
  rpc Pour(google.api.HttpBody) returns (stream google.api.HttpBody) {
    option (google.api.http) = { post: "/v1/pour" body: "*" };
  }
  rpc Serve(Parcel) returns (stream Parcel) {
    option (google.api.http) = { put: "/v1/serve/{name}" body: "body" response_body: "body" };
  }
  rpc Collect(stream Parcel) returns (Parcel) {
    option (google.api.http) = { post: "/v1/collect/{name}" body: "body" };
  }
}
`;
