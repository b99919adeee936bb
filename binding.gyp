{
  "target_defaults": {
    "cflags!": ["-fno-exceptions"],
    "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++20"],
    "cflags_cc": [
      "-std=c++20", "-fvisibility=hidden", "-fvisibility-inlines-hidden",
      "-ffunction-sections", "-fdata-sections", "-Wall", "-Wextra"
    ],
    "ldflags": ["-Wl,--gc-sections", "-Wl,-z,relro,-z,now", "-Wl,--as-needed"]
  },
  "targets": [
    {
      # Plain C++ that knows the kernel. No Node header is on its path: including one here does not compile.
      "target_name": "sockcore",
      "type": "static_library",
      "include_dirs": ["native"],
      "sources": ["<!@(node scripts/native-sources.mjs native/core)"]
    },
    {
      # The only code that knows Node.
      "target_name": "sockscope",
      "dependencies": ["sockcore"],
      "include_dirs": ["native", "<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_CPP_EXCEPTIONS"],
      # Made once a batch and once a call: small counts here, what is done for every row is sockcore's.
      "configurations": { "Release": { "cflags!": ["-O3"], "cflags_cc": ["-Os"] } },
      # Look-ups of hosts may outlive the environment that began them: its end must not unload their code.
      # The path is relative to build/, where make runs: gyp does not quote one that holds blanks.
      "ldflags": ["-Wl,-z,nodelete", "-Wl,--version-script=../native/napi/exports.map"],
      "sources": ["<!@(node scripts/native-sources.mjs native/napi)"]
    },
    {
      "target_name": "core_tests",
      "type": "executable",
      "dependencies": ["sockcore"],
      "include_dirs": ["native"],
      "sources": ["<!@(node scripts/native-sources.mjs native/test)"]
    }
  ]
}
