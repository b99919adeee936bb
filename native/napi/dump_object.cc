#include "napi/dump_object.h"

#include <utility>

#include "napi/to_js.h"

namespace sockscope {

Napi::Function DumpObject::DefineClass(Napi::Env env) {
  return ObjectWrap::DefineClass(
      env, "NativeDump", {InstanceMethod<&DumpObject::Take>("take"), InstanceMethod<&DumpObject::Cancel>("cancel")});
}

Napi::Value DumpObject::Take(const Napi::CallbackInfo& info) {
  ScanSession::Taken taken = session().Take();
  if (taken.batch != nullptr) {
    const Napi::Object object = ToJs(info.Env(), *taken.batch);
    session().Reuse(std::move(taken.batch));
    return object;
  }
  if (taken.end != nullptr) return ToJs(info.Env(), taken.end->status, taken.end->tally);
  return info.Env().Undefined();
}

void DumpObject::Cancel(const Napi::CallbackInfo&) { session().Cancel(); }

}  // namespace sockscope
