#include "napi/conntrack_object.h"

#include <cstring>
#include <vector>

#include "napi/to_js.h"

namespace sockscope {

Napi::Function ConntrackObject::DefineClass(Napi::Env env) {
  return ObjectWrap::DefineClass(env, "NativeConntrack",
                                 {InstanceMethod<&ConntrackObject::End>("end"),
                                  InstanceMethod<&ConntrackObject::Take>("take"),
                                  InstanceMethod<&ConntrackObject::Cancel>("cancel")});
}

ConntrackObject::~ConntrackObject() { TellSize(0); }

Napi::Value ConntrackObject::End(const Napi::CallbackInfo& info) {
  const auto end = session().Outcome();
  if (!end.has_value()) return info.Env().Undefined();
  if (!told_) TellSize(int64_t(end->records * sizeof(NatRecord)));
  told_ = true;
  Napi::Object object = ToJs(info.Env(), end->status);
  object.Set("records", double(end->records));
  object.Set("bytes", double(end->tally.bytes));
  object.Set("connections", double(end->tally.connections));
  object.Set("malformed", double(end->tally.malformed));
  object.Set("duplicates", double(end->tally.duplicates));
  object.Set("interrupted", end->tally.interrupted);
  return object;
}

Napi::Value ConntrackObject::Take(const Napi::CallbackInfo& info) {
  const std::vector<NatRecord> batch = session().Take();
  if (batch.empty()) return info.Env().Undefined();
  TellSize(told_bytes_ - int64_t(batch.size() * sizeof(NatRecord)));   // the buffer is told of by V8 itself
  auto buffer = Napi::ArrayBuffer::New(info.Env(), batch.size() * sizeof(NatRecord));
  std::memcpy(buffer.Data(), batch.data(), buffer.ByteLength());
  return buffer;
}

void ConntrackObject::Cancel(const Napi::CallbackInfo&) {
  session().Cancel();
  told_ = true;   // nothing waits any more, whatever the end says
  TellSize(0);
}

void ConntrackObject::TellSize(int64_t bytes) {
  if (bytes == told_bytes_) return;
  Napi::MemoryManagement::AdjustExternalMemory(Env(), bytes - told_bytes_);
  told_bytes_ = bytes;
}

}  // namespace sockscope
