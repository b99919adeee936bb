#pragma once

// The only place that includes <napi.h>, so that these hold everywhere.

// Columns are copied into buffers that V8 owns, never lent: some runtimes refuse memory of ours.
#define NODE_API_NO_EXTERNAL_BUFFERS_ALLOWED
// An error that cannot be thrown any more because its environment is being torn down is dropped. Without this,
// process.exit() in a worker during a scan aborts the whole process.
#define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
// std::exception becomes a JavaScript error as Napi::Error does: memory may run out anywhere.
#define NODE_ADDON_API_CPP_EXCEPTIONS_ALL

#include <napi.h>
