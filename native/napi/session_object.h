#pragma once

#include <memory>
#include <utility>

#include "napi/napi_setup.h"

namespace sockscope {

// A JavaScript object over a session, which only this addon can make. Collected by the garbage collector, it cancels
// its session.
template <typename Derived, typename Session>
class SessionObject : public Napi::ObjectWrap<Derived> {
 public:
  // Throws Napi::Error where the environment refuses, and has then cancelled the session.
  static Napi::Object New(const Napi::FunctionReference& object_class, std::shared_ptr<Session> session) {
    handed_over_ = &session;
    struct Clear {
      ~Clear() { handed_over_ = nullptr; }
    } clear;
    try {
      return object_class.New({});
    } catch (...) {
      session->Cancel();   // nobody would ever ask it anything
      throw;
    }
  }

 protected:
  // `refusal` is the TypeError that JavaScript gets when it calls the constructor.
  SessionObject(const Napi::CallbackInfo& info, const char* refusal) : Napi::ObjectWrap<Derived>(info) {
    if (handed_over_ == nullptr) throw Napi::TypeError::New(info.Env(), refusal);
    session_ = *std::exchange(handed_over_, nullptr);
  }
  ~SessionObject() override {
    if (session_ != nullptr) session_->Cancel();
  }

  Session& session() const { return *session_; }

 private:
  // What New hands to the constructor, which is called through JavaScript. A pointer rather than an argument: scripts
  // reach the constructor as well (`dump.constructor`), and must have nothing to give it.
  static inline thread_local const std::shared_ptr<Session>* handed_over_ = nullptr;

  std::shared_ptr<Session> session_;
};

}  // namespace sockscope
