#pragma once

#include "napi/host_session.h"
#include "napi/napi_setup.h"
#include "napi/session_object.h"

namespace sockscope {

// The NativeHostLookup of src/addon/native-binding.ts.
class HostLookupObject : public SessionObject<HostLookupObject, HostSession> {
 public:
  static Napi::Function DefineClass(Napi::Env env);

  // For DefineClass; throws a TypeError when JavaScript calls it.
  explicit HostLookupObject(const Napi::CallbackInfo& info)
      : SessionObject(info, "look-ups of hosts are made by openHostLookup") {}

 private:
  void Ask(const Napi::CallbackInfo& info);
  Napi::Value Take(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);
};

}  // namespace sockscope
