/* Any bytes through a WebSocket: it does not matter in which pieces they come,
 * and what was wrong once stays wrong. */
#include "tests/fuzz/check.h"

#include "protocol/link/web_frames.h"

#include <string.h>

enum { MOST_BYTES = 300 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct web_frames whole = {0}, pieces = {0};
    const char *told = NULL;

    web_frames_take(&whole, data, size, MOST_BYTES);
    for (size_t i = 0; i < size && !told; i++)
        told = web_frames_take(&pieces, data + i, 1, MOST_BYTES);
    FUZZ_CHECK(whole.problem == told && pieces.problem == told);
    FUZZ_CHECK(web_frames_take(&pieces, "", 0, MOST_BYTES) == told);
    FUZZ_CHECK(told || (whole.stage == pieces.stage &&
                        whole.left_bytes == pieces.left_bytes &&
                        whole.packet_head == pieces.packet_head &&
                        whole.packet_left == pieces.packet_left));
    FUZZ_CHECK(whole.left_bytes <= MOST_BYTES);
    FUZZ_CHECK(told || whole.packet_left <= MOST_BYTES);
    return 0;
}
