package io.weir.tools.page;

/** What a browser gets. */
record PageResponse(int status, String type, byte[] body) {}
