/* What a WebSocket may bring: what Paho can read passes in any pieces, the rest
 * is told with its reason. */
#include "protocol/link/web_frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_BYTES = 1000 };

#define ANSWER "HTTP/1.1 101 Switching\r\nSec-WebSocket-Accept: x\r\n\r\n"
#define BYTES(text) text, sizeof(text) - 1

/* In pieces of every length up to the whole. */
static void expect(const char *bytes, size_t count, const char *problem)
{
    for (size_t piece = 1; piece <= count; piece++) {
        struct web_frames frames = {0};
        const char *told = NULL;
        for (size_t at = 0; at < count && !told; at += piece)
            told = web_frames_take(&frames, bytes + at,
                                   at + piece < count ? piece : count - at,
                                   MOST_BYTES);
        if (!problem ? told != NULL : !told || !strstr(told, problem))
            fail_msg("pieces of %zu: '%s', expected '%s'", piece,
                     told ? told : "", problem ? problem : "");
    }
}

static void what_brokers_send_passes(void **state)
{
    char large[4 + MOST_BYTES] = "\x82\x7e\x03\xe8\x30\xe5\x07";
    struct web_frames frames = {0};

    (void)state;
    /* One packet, two in a frame, one in three frames, no body, control frames
     * between packets. */
    expect(BYTES(ANSWER "\x82\x04\x20\x02\x01\x02"
                        "\x82\x08\x20\x02\x01\x02\x20\x02\x01\x02"
                        "\x82\x01\x30\x82\x02\x03\x61\x82\x02\x62\x63"
                        "\x82\x02\xd0\x00\x89\x00\x89\x02xy\x8a\x01z"
                        "\x82\x04\x20\x02\x01\x02\x88\x02\x03\xe8"),
           NULL);
    /* A frame of 1,000 bytes with one packet: 3 + 997. */
    assert_null(web_frames_take(&frames, BYTES(ANSWER), MOST_BYTES));
    assert_null(web_frames_take(&frames, large, sizeof large, MOST_BYTES));
    assert_null(web_frames_take(&frames, BYTES("\x89\x00"), MOST_BYTES));
}

static void what_paho_cannot_read_is_told(void **state)
{
    static const struct {
        const char *bytes;
        size_t count;
        const char *problem;
    } rows[] = {
        {BYTES(ANSWER "\x82\x02\x30\x05\x89\x00"), "within an MQTT packet"},
        {BYTES(ANSWER "\x82\x01\x30\x8a\x00"), "within an MQTT packet"},
        {BYTES(ANSWER "\x82\x03\x30\x05x\x88\x02\x03\xe8"),
         "within an MQTT packet"},
        {BYTES(ANSWER "\x82\x00"), "is empty"},
        {BYTES(ANSWER "\x02\x02\x30\x05"), "fragments"},
        {BYTES(ANSWER "\x80\x02\x30\x05"), "fragments"},
        {BYTES(ANSWER "\x09\x00"), "fragments"},
        {BYTES(ANSWER "\x81\x02\xd0\x00"), "not binary"},
        {BYTES(ANSWER "\x83\x02\xd0\x00"), "not binary"},
        {BYTES(ANSWER "\x8b\x00"), "no known kind"},
        {BYTES(ANSWER "\x89\x7e\x00\x7e"), "no known kind"},
        {BYTES(ANSWER "\x82\x82\x01\x02\x03\x04\xd0\x00"), "no server may set"},
        {BYTES(ANSWER "\xc2\x02\xd0\x00"), "no server may set"},
        {BYTES(ANSWER "\x82\x7e\x03\xe9"), "frame is too large"},
        {BYTES(ANSWER "\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff"),
         "frame is too large"},
        {BYTES(ANSWER "\x82\x7f\x00\x00\x00\x01\x00\x00\x00\x02"),
         "frame is too large"},
        {BYTES(ANSWER "\x82\x03\x30\xe9\x07"), "packet is too large"},
        {BYTES(ANSWER "\x82\x05\x30\xff\xff\xff\xff"), "has no length"},
        {BYTES("HTTP/1.1 101 Switching\r\nSec-WebSocket-Accept\r\n\r\n"),
         "is broken"},
        {BYTES("HTTP/1.1 101 sec-websocket-accepted: x\r\n\r\n"), "is broken"},
    };
    char endless[WEB_FRAMES_ANSWER_BYTES + 1];
    struct web_frames frames = {0};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(rows[i].bytes, rows[i].count, rows[i].problem);
    memset(endless, 'x', sizeof endless);
    assert_null(
        web_frames_take(&frames, endless, sizeof endless - 1, MOST_BYTES));
    assert_non_null(web_frames_take(&frames, endless, 1, MOST_BYTES));
    /* Nothing is taken any more. */
    assert_non_null(web_frames_take(&frames, BYTES("\r\n\r\n"), MOST_BYTES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_brokers_send_passes),
        cmocka_unit_test(what_paho_cannot_read_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
