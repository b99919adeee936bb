#pragma once

#include <memory>

#include "napi/napi_setup.h"

namespace sockscope {

// The way from a session's threads to the JavaScript thread of one environment, and what ties the lives of the three
// together. A member of its session, connected once; used from Connect on.
//
// The session is kept alive until its last thread has ended the line and was joined. The environment is kept alive as
// long, unless the line is silenced or asked not to: while something runs that nobody has cancelled, and no longer.
// Threads are joined when they have ended, and when the environment ends: on no other occasion does the JavaScript
// thread wait.
//
// All functions belong to the JavaScript thread but Wake and End.
class WakeLine {
 public:
  // What stands behind a line.
  class Session {
   public:
    virtual ~Session() = default;
    // Ends the threads soon, and silences the line. Waits for nothing; idempotent.
    virtual void Cancel() = 0;
    // Waits until the threads have ended, and lets go of what they worked with. Idempotent.
    virtual void Join() = 0;
  };

  WakeLine() = default;
  WakeLine(const WakeLine&) = delete;
  WakeLine& operator=(const WakeLine&) = delete;

  // `wake` is what Wake calls; `name` is for tools that trace what is asynchronous. Throws Napi::Error when the
  // environment refuses: End is not to be called then. After a return it must be, whatever becomes of the threads.
  void Connect(Napi::Function wake, const char* name, std::shared_ptr<Session> session);
  // Has `wake` called soon. Any thread, before End.
  void Wake();
  // Wakes for the last time, on the thread that is the last to use the line or the session.
  void End();
  // The environment is not kept alive. Idempotent.
  void Unref();
  // `wake` is not called any more, the environment not kept alive. Idempotent.
  void Silence();

 private:
  static void CallWake(napi_env env, napi_value wake, void* line, void*);
  static void OnDisconnected(napi_env env, void* line, void*);
  static void OnEnvironmentEnd(void* line);

  // Valid from Connect until OnDisconnected. The session's threads may use it until End has released it.
  napi_threadsafe_function wake_ = nullptr;
  napi_env env_ = nullptr;
  std::shared_ptr<Session> session_;   // the one that this is a member of, from Connect until OnDisconnected
  bool hooked_ = false;                // OnEnvironmentEnd is registered
  bool silent_ = false;
};

}  // namespace sockscope
