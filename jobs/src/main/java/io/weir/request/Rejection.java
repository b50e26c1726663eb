package io.weir.request;

/**
 * Why a record is not a request.
 *
 * @param message names the field, the value where it is short, and what would be accepted
 */
public record Rejection(RejectReason reason, String message) {}
