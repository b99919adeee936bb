#pragma once

#include <cstdint>
#include <vector>

#include "core/columns.h"
#include "core/scan.h"
#include "napi/napi_setup.h"

namespace sockscope {

// Between the core's values and those of src/addon/native-binding.ts. All of these throw Napi::Error: a TypeError
// that names the field where JavaScript gave a wrong one.

ScanRequest ToScanRequest(Napi::Value value);
std::vector<std::vector<uint8_t>> ToDatagrams(Napi::Value value);

// Copies the batch into a buffer that V8 owns.
Napi::Object ToJs(Napi::Env env, const Batch& batch);
// A NativeOutcome; with the tally of a dump, a NativeEnd.
Napi::Object ToJs(Napi::Env env, const Status& status);
Napi::Object ToJs(Napi::Env env, const Status& status, const ScanTally& tally);
Napi::Array LayoutToJs(Napi::Env env);

}  // namespace sockscope
