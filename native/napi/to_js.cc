#include "napi/to_js.h"

#include <sys/socket.h>

#include <string>

#include "napi/arguments.h"

namespace sockscope {

namespace {

const char* NameOf(Status::Code code) {
  switch (code) {
    case Status::Code::kOk: return "ok";
    case Status::Code::kSystem: return "system";
    case Status::Code::kRefused: return "refused";
    case Status::Code::kNotSupported: return "not-supported";
    case Status::Code::kTruncated: return "truncated";
    case Status::Code::kMalformed: return "malformed";
    case Status::Code::kCancelled: return "cancelled";
    case Status::Code::kTooLarge: return "too-large";
    case Status::Code::kNoMemory: return "no-memory";
    case Status::Code::kNoThread: return "no-thread";
  }
  return "system";
}

ScanRequest::Kind ToKind(Napi::Value value) {
  const std::string kind = value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
  if (kind == "inet") return ScanRequest::Kind::kInet;
  if (kind == "unix") return ScanRequest::Kind::kUnix;
  Reject(value.Env(), "kind must be 'inet' or 'unix'");
}

void ReadFamilies(Napi::Value value, ScanRequest* request) {
  if (!value.IsArray()) Reject(value.Env(), "families must be an array");
  const auto families = value.As<Napi::Array>();
  for (uint32_t i = 0; i < families.Length(); ++i) {
    const double family = ToWhole(families.Get(i), "families", 0, UINT8_MAX);
    if (family == AF_INET) request->inet = true;
    else if (family == AF_INET6) request->inet6 = true;
    else if (family != AF_UNIX) Reject(value.Env(), "families must hold AF_UNIX, AF_INET or AF_INET6");
  }
  if (request->kind == ScanRequest::Kind::kInet && !request->inet && !request->inet6) {
    Reject(value.Env(), "families must hold AF_INET or AF_INET6 for kind 'inet'");
  }
}

// A program is a whole number of operations, and its attribute's length has 16 bits.
std::vector<uint8_t> ToBytecode(Napi::Value value, const char* name) {
  if (value.IsUndefined()) return {};
  const bool is_bytes = value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_uint8_array;
  const auto bytes = is_bytes ? value.As<Napi::Uint8Array>() : Napi::Uint8Array();
  if (!is_bytes || bytes.ElementLength() % 4 != 0 || bytes.ElementLength() > UINT16_MAX - 4) {
    Reject(value.Env(), std::string(name) + " must be a Uint8Array of at most 65528 bytes, a multiple of 4");
  }
  return {bytes.Data(), bytes.Data() + bytes.ElementLength()};
}

void ReadHalves(Napi::Value value, ScanRequest* request) {
  if (value.IsUndefined()) return;
  const bool is_pair = value.IsArray() && value.As<Napi::Array>().Length() == request->halves.size();
  if (!is_pair || !request->bytecode.empty()) Reject(value.Env(), "halves must be two programs, instead of bytecode");
  const auto halves = value.As<Napi::Array>();
  for (uint32_t i = 0; i < request->halves.size(); ++i) request->halves[i] = ToBytecode(halves.Get(i), "halves");
}

}  // namespace

ScanRequest ToScanRequest(Napi::Value value) {
  if (!value.IsObject()) Reject(value.Env(), "request must be an object");
  const auto object = value.As<Napi::Object>();
  ScanRequest request;
  request.kind = ToKind(object.Get("kind"));
  request.ip_protocol = uint16_t(ToWhole(object.Get("ipProtocol"), "ipProtocol", 0, UINT16_MAX));
  ReadFamilies(object.Get("families"), &request);
  request.states = uint32_t(ToWhole(object.Get("states"), "states", 0, UINT32_MAX));
  request.columns = uint32_t(ToWhole(object.Get("columns"), "columns", 0, kAllColumns));
  request.threads = int(ToWhole(object.Get("threads"), "threads", 1, 2));
  request.priority = ToPriority(object.Get("priority"));
  request.bytecode = ToBytecode(object.Get("bytecode"), "bytecode");
  ReadHalves(object.Get("halves"), &request);
  request.max_bytes = size_t(ToWhole(object.Get("maxBytes"), "maxBytes", 0, kMostSafe));
  return request;
}

std::vector<std::vector<uint8_t>> ToDatagrams(Napi::Value value) {
  if (!value.IsArray()) Reject(value.Env(), "datagrams must be an array");
  const auto array = value.As<Napi::Array>();
  std::vector<std::vector<uint8_t>> datagrams;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value element = array.Get(i);
    if (!element.IsTypedArray() || element.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
      Reject(value.Env(), "datagrams must hold Uint8Arrays");
    }
    const auto bytes = element.As<Napi::Uint8Array>();
    datagrams.emplace_back(bytes.Data(), bytes.Data() + bytes.ElementLength());
  }
  return datagrams;
}

Napi::Object ToJs(Napi::Env env, const Batch& batch) {
  auto buffer = Napi::ArrayBuffer::New(env, batch.ByteLength());
  batch.CopyTo(static_cast<uint8_t*>(buffer.Data()));
  auto object = Napi::Object::New(env);
  object.Set("rows", double(batch.rows()));
  object.Set("columns", double(batch.columns()));
  object.Set("heapBytes", double(batch.heap_bytes()));
  object.Set("buffer", buffer);
  return object;
}

Napi::Object ToJs(Napi::Env env, const Status& status) {
  auto object = Napi::Object::New(env);
  object.Set("status", NameOf(status.code()));
  object.Set("operation", status.operation());
  object.Set("errno", double(status.error_number()));
  return object;
}

Napi::Object ToJs(Napi::Env env, const Status& status, const ScanTally& tally) {
  Napi::Object object = ToJs(env, status);
  object.Set("end", true);
  object.Set("threads", double(tally.threads));
  object.Set("rows", double(tally.rows));
  object.Set("bytes", double(tally.bytes));
  object.Set("malformed", double(tally.malformed));
  object.Set("duplicates", double(tally.duplicates));
  object.Set("interrupted", tally.interrupted);
  return object;
}

Napi::Array LayoutToJs(Napi::Env env) {
  auto layout = Napi::Array::New(env, kColumnCount);
  for (size_t i = 0; i < kColumnCount; ++i) {
    auto column = Napi::Object::New(env);
    column.Set("name", kColumnSpecs[i].name);
    column.Set("width", double(kColumnSpecs[i].width));
    layout.Set(uint32_t(i), column);
  }
  return layout;
}

}  // namespace sockscope
