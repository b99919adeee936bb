#pragma once

#include "core/owners/known_owners.h"
#include "napi/napi_setup.h"

namespace sockscope {

// The NativeKnownOwners of src/addon/native-binding.ts.
class KnownOwnersObject : public Napi::ObjectWrap<KnownOwnersObject> {
 public:
  static Napi::Function DefineClass(Napi::Env env);
  explicit KnownOwnersObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

 private:
  void BeginPoll(const Napi::CallbackInfo& info);
  Napi::Value Find(const Napi::CallbackInfo& info);
  void Learn(const Napi::CallbackInfo& info);
  Napi::Value Sweep(const Napi::CallbackInfo& info);
  Napi::Value Forget(const Napi::CallbackInfo& info);

  KnownOwners known_;
};

}  // namespace sockscope
