#pragma once

#include <cstdint>

#include "napi/napi_setup.h"
#include "napi/owner_session.h"
#include "napi/session_object.h"

namespace sockscope {

// The NativeOwners of src/addon/native-binding.ts.
class OwnersObject : public SessionObject<OwnersObject, OwnerSession> {
 public:
  static Napi::Function DefineClass(Napi::Env env);

  // For DefineClass; throws a TypeError when JavaScript calls it.
  explicit OwnersObject(const Napi::CallbackInfo& info)
      : SessionObject(info, "an owner scan is made by startOwners") {}
  ~OwnersObject() override;

 private:
  Napi::Value End(const Napi::CallbackInfo& info);
  Napi::Value Find(const Napi::CallbackInfo& info);
  Napi::Value Processes(const Napi::CallbackInfo& info);
  void Cancel(const Napi::CallbackInfo& info);

  // Throws a TypeError when there is none, or a failed one.
  const OwnerAnswer& GoodAnswer(Napi::Env env) const;
  void TellSize(const OwnerAnswer& answer);

  int64_t told_bytes_ = 0;   // that the garbage collector takes for this object's
};

}  // namespace sockscope
