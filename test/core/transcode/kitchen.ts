/**
 * A service whose messages have fields of every kind, with all kinds of bindings. The server of each RPC should echo
 * the request.
 */
export const KITCHEN = `
syntax = "proto3";
package kitchen.v1;
import "google/api/annotations.proto";

enum Color {
  COLOR_UNSPECIFIED = 0;
  RED = 1;
  GREEN = 2;
}

message Cook {
  string name = 1;
  int32 age = 2;
  Cook teacher = 3;
  repeated string knives = 4;
  optional bool asleep = 5;
}

message Dish {
  string name = 1;
  int32 salt = 2;
  int64 sugar = 3;
  uint32 eggs = 4;
  uint64 grains = 5;
  sint32 warmth = 6;
  sint64 depth = 7;
  fixed32 code = 8;
  fixed64 number = 9;
  sfixed32 balance = 10;
  sfixed64 offset = 11;
  bool hot = 12;
  bytes photo = 13;
  float weight = 14;
  double price = 15;
  Color color = 16;
  repeated string tags = 17;
  repeated int32 sizes = 18;
  repeated Color colors = 19;
  repeated bool flags = 20;
  repeated bytes photos = 21;
  optional string note = 22;
  optional int32 rank = 23;
  Cook cook = 24;
  repeated Cook helpers = 25;
  map<string, string> labels = 26;
  map<int32, Color> moods = 27;
  map<bool, int64> counts = 28;
  map<string, Cook> guests = 29;
  oneof sauce {
    string bottled = 30;
    int32 spoons = 31;
    Cook saucier = 32;
  }
  string long_name = 33;
  string odd = 34 [json_name = "even"];
}

service Kitchen {
  rpc Get(Dish) returns (Dish) {
    option (google.api.http) = {
      get: "/v1/dishes"
      additional_bindings { get: "/v1/dishes/{name}" }
      additional_bindings { get: "/v1/numbers/{salt}/{sugar}/{eggs}/{grains}/{warmth}/{weight}" }
      additional_bindings { get: "/v1/plain/{hot}/{photo}/{color}/{note}" }
      additional_bindings { get: "/v1/{cook.name=cooks/*}/{cook.teacher.name=teachers/**}:find" }
      additional_bindings { get: "/v1/{name=fixed}/{long_name}" }
      additional_bindings { get: "/v1/{name=literal/name}" }
      additional_bindings { get: "/v1/sauces/{bottled}" }
    };
  }
  rpc Put(Dish) returns (Dish) {
    option (google.api.http) = {
      put: "/v1/dishes/{name}"
      body: "*"
      additional_bindings { put: "/v1/{cook.name=cooks/*}/dish" body: "*" }
      additional_bindings { put: "/v1/salt/{salt}" body: "*" }
      additional_bindings { put: "/v1/sauces/{bottled}" body: "*" }
      additional_bindings { post: "/v1/dishes" body: "*" }
    };
  }
  rpc Set(Dish) returns (Dish) {
    option (google.api.http) = {
      post: "/v1/dishes/{name}/cook"
      body: "cook"
      additional_bindings { post: "/v1/{cook.name=cooks/*}" body: "cook" }
      additional_bindings { post: "/v1/set/tags" body: "tags" }
      additional_bindings { post: "/v1/set/sizes" body: "sizes" }
      additional_bindings { post: "/v1/set/sugar" body: "sugar" }
      additional_bindings { post: "/v1/set/color" body: "color" }
      additional_bindings { post: "/v1/set/helpers" body: "helpers" }
      additional_bindings { post: "/v1/set/labels" body: "labels" }
      additional_bindings { post: "/v1/set/guests" body: "guests" }
      additional_bindings { post: "/v1/set/note" body: "note" }
      additional_bindings { post: "/v1/set/spoons" body: "spoons" }
    };
  }
  rpc Part(Dish) returns (Dish) {
    option (google.api.http) = {
      post: "/v1/part/cook"
      body: "*"
      response_body: "cook"
      additional_bindings { post: "/v1/part/name" body: "*" response_body: "name" }
      additional_bindings { post: "/v1/part/sugar" body: "*" response_body: "sugar" }
      additional_bindings { post: "/v1/part/hot" body: "*" response_body: "hot" }
      additional_bindings { post: "/v1/part/color" body: "*" response_body: "color" }
      additional_bindings { post: "/v1/part/rank" body: "*" response_body: "rank" }
      additional_bindings { post: "/v1/part/price" body: "*" response_body: "price" }
      additional_bindings { post: "/v1/part/photo" body: "*" response_body: "photo" }
      additional_bindings { post: "/v1/part/sizes" body: "*" response_body: "sizes" }
      additional_bindings { post: "/v1/part/helpers" body: "*" response_body: "helpers" }
      additional_bindings { post: "/v1/part/labels" body: "*" response_body: "labels" }
      additional_bindings { post: "/v1/part/guests" body: "*" response_body: "guests" }
      additional_bindings { post: "/v1/part/saucier" body: "*" response_body: "saucier" }
    };
  }
  rpc Purge(Dish) returns (Dish) {
    option (google.api.http) = {
      custom { kind: "PURGE" path: "/v1/dishes/{name}" }
      additional_bindings { custom { kind: "*" path: "/v1/any/{name}" } body: "*" }
      additional_bindings { delete: "/v1/dishes/{name}" }
    };
  }
  rpc Serve(Dish) returns (stream Dish) {
    option (google.api.http) = {
      get: "/v1/serve/{name}"
      response_body: "cook"
      additional_bindings { get: "/v1/serve/{name}/whole" }
    };
  }
  rpc Gather(stream Dish) returns (Dish) {
    option (google.api.http) = {
      post: "/v1/gather/{name}"
      body: "*"
      additional_bindings { get: "/v1/gather/{name}" }
    };
  }
  rpc Hidden(Dish) returns (Dish);
  rpc HiddenStream(stream Dish) returns (stream Dish);
}
`;
