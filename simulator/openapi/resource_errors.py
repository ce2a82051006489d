"""How the APIs of images, files and resources say no (im-v1/image/create, .../file/create)."""

from __future__ import annotations

from simulator.openapi.errors import ApiError


def bad_request_parameter() -> ApiError:
    return ApiError(234001, "Invalid request param.")


def file_not_in_message() -> ApiError:
    return ApiError(234003, "File not in msg.")


def app_not_in_chat() -> ApiError:
    return ApiError(234004, "App not in chat.")


def too_large_file() -> ApiError:
    return ApiError(234006, "The file size exceed the max value.")


def not_uploader() -> ApiError:
    return ApiError(234008, "The app is not the resource sender.")


def empty_file() -> ApiError:
    return ApiError(234010, "File's size can't be 0.")


def not_an_image() -> ApiError:
    return ApiError(234011, "Can't regonize the image format.")


def too_large_download() -> ApiError:
    return ApiError(234037, "Downloaded file size exceeds limit.")


def too_large_picture() -> ApiError:
    return ApiError(234039, "Image resolution exceeds limit.")


def no_resources() -> ApiError:
    """Of stickers, cards and what is inside merged messages nothing can be downloaded."""
    return ApiError(234043, "Unsupported message type.")
