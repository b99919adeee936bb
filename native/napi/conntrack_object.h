#pragma once

#include <cstdint>

#include "napi/conntrack_session.h"
#include "napi/napi_setup.h"
#include "napi/session_object.h"

namespace sockscope {

// The NativeConntrack of src/addon/native-binding.ts.
class ConntrackObject : public SessionObject<ConntrackObject, ConntrackSession> {
 public:
  static Napi::Function DefineClass(Napi::Env env);

  // For DefineClass; throws a TypeError when JavaScript calls it.
  explicit ConntrackObject(const Napi::CallbackInfo& info)
      : SessionObject(info, "a reading is made by startConntrack") {}
  ~ConntrackObject() override;

 private:
  Napi::Value End(const Napi::CallbackInfo& info);
  Napi::Value Take(const Napi::CallbackInfo& info);
  void Cancel(const Napi::CallbackInfo& info);

  // Tells the garbage collector, which sees a small object, what waits behind it.
  void TellSize(int64_t bytes);

  int64_t told_bytes_ = 0;
  bool told_ = false;   // the collector has heard of the end, or is not to
};

}  // namespace sockscope
