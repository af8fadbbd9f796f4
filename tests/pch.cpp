// The precompiled header of the tests needs one source that is compiled with it.
