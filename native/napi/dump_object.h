#pragma once

#include "napi/napi_setup.h"
#include "napi/scan_session.h"
#include "napi/session_object.h"

namespace sockscope {

// The NativeDump of src/addon/native-dump.ts.
class DumpObject : public SessionObject<DumpObject, ScanSession> {
 public:
  static Napi::Function DefineClass(Napi::Env env);

  // For DefineClass; throws a TypeError when JavaScript calls it.
  explicit DumpObject(const Napi::CallbackInfo& info) : SessionObject(info, "a dump is made by startDump") {}

 private:
  Napi::Value Take(const Napi::CallbackInfo& info);
  void Cancel(const Napi::CallbackInfo& info);
};

}  // namespace sockscope
