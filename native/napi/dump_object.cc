#include "napi/dump_object.h"

#include "napi/to_js.h"

namespace sockscope {

Napi::Function DumpObject::DefineClass(Napi::Env env) {
  return ObjectWrap::DefineClass(
      env, "NativeDump", {InstanceMethod<&DumpObject::Take>("take"), InstanceMethod<&DumpObject::Cancel>("cancel")});
}

Napi::Value DumpObject::Take(const Napi::CallbackInfo& info) {
  const ScanSession::Taken taken = session().Take();
  if (taken.batch != nullptr) return ToJs(info.Env(), *taken.batch);
  if (taken.end != nullptr) return ToJs(info.Env(), taken.end->status, taken.end->tally);
  return info.Env().Undefined();
}

void DumpObject::Cancel(const Napi::CallbackInfo&) { session().Cancel(); }

}  // namespace sockscope
