#pragma once

/// Marks what the shared library shows; everything else is hidden.
#if defined(HEARTH_STATIC)
#define HEARTH_API
#else
#define HEARTH_API __attribute__((visibility("default")))
#endif
