#pragma once

#include <memory>

#include "napi/bpf_load.h"
#include "napi/napi_setup.h"
#include "napi/session_object.h"

namespace sockscope {

// The NativeBpf of src/addon/native-binding.ts.
class BpfObject : public SessionObject<BpfObject, BpfLoad> {
 public:
  static Napi::Function DefineClass(Napi::Env env);
  // The iterator of an object that has loaded one. Throws a TypeError that names the field for anything else.
  static std::shared_ptr<const BpfOwners> Loaded(Napi::Value value, const char* name);

  // For DefineClass; throws a TypeError when JavaScript calls it.
  explicit BpfObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value End(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);
};

}  // namespace sockscope
