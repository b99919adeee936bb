#include "napi/dump_object.h"

#include <utility>

#include "napi/to_js.h"

namespace sockscope {

namespace {

// What New hands to the constructor, which is called through JavaScript. A pointer rather than an argument: scripts
// reach the constructor as well (`dump.constructor`), and must have nothing to give it.
thread_local const std::shared_ptr<ScanSession>* handed_over = nullptr;

}  // namespace

Napi::Function DumpObject::DefineClass(Napi::Env env) {
  return ObjectWrap::DefineClass(
      env, "NativeDump", {InstanceMethod<&DumpObject::Take>("take"), InstanceMethod<&DumpObject::Cancel>("cancel")});
}

Napi::Object DumpObject::New(const Napi::FunctionReference& dump_class, std::shared_ptr<ScanSession> session) {
  handed_over = &session;
  struct Clear {
    ~Clear() { handed_over = nullptr; }
  } clear;
  try {
    return dump_class.New({});
  } catch (...) {
    session->Cancel();   // nobody would ever take from it
    throw;
  }
}

DumpObject::DumpObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  if (handed_over == nullptr) throw Napi::TypeError::New(info.Env(), "a dump is made by startDump");
  session_ = *std::exchange(handed_over, nullptr);
}

DumpObject::~DumpObject() {
  if (session_ != nullptr) session_->Cancel();
}

Napi::Value DumpObject::Take(const Napi::CallbackInfo& info) {
  const ScanSession::Taken taken = session_->Take();
  if (taken.batch != nullptr) return ToJs(info.Env(), *taken.batch);
  if (taken.end != nullptr) return ToJs(info.Env(), taken.end->status, taken.end->tally);
  return info.Env().Undefined();
}

void DumpObject::Cancel(const Napi::CallbackInfo&) { session_->Cancel(); }

}  // namespace sockscope
