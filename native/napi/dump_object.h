#pragma once

#include <memory>

#include "napi/napi_setup.h"
#include "napi/scan_session.h"

namespace sockscope {

// The NativeDump of src/addon/native-binding.ts. Collected by the garbage collector, it cancels its session.
class DumpObject : public Napi::ObjectWrap<DumpObject> {
 public:
  static Napi::Function DefineClass(Napi::Env env);
  // Throws Napi::Error where the environment refuses, and has then cancelled the session.
  static Napi::Object New(const Napi::FunctionReference& dump_class, std::shared_ptr<ScanSession> session);

  // For DefineClass; throws a TypeError when JavaScript calls it.
  explicit DumpObject(const Napi::CallbackInfo& info);
  ~DumpObject() override;

 private:
  Napi::Value Take(const Napi::CallbackInfo& info);
  void Cancel(const Napi::CallbackInfo& info);

  std::shared_ptr<ScanSession> session_;
};

}  // namespace sockscope
