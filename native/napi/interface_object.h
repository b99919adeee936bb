#pragma once

#include "napi/interface_session.h"
#include "napi/napi_setup.h"
#include "napi/session_object.h"

namespace sockscope {

// The first arguments of startInterfaces: names, bytes, each ended by a NUL; and which addresses. Throws a TypeError
// that names the argument.
DeviceQuestion ToDeviceQuestion(Napi::Value names, Napi::Value addresses);

// The NativeInterfaces of src/addon/native-interfaces.ts.
class InterfaceObject : public SessionObject<InterfaceObject, InterfaceSession> {
 public:
  static Napi::Function DefineClass(Napi::Env env);

  // For DefineClass; throws a TypeError when JavaScript calls it.
  explicit InterfaceObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value End(const Napi::CallbackInfo& info);
  void Cancel(const Napi::CallbackInfo& info);
};

}  // namespace sockscope
