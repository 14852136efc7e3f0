/* Follows what a server sends through a WebSocket (RFC 6455), and says where it
 * is none of what Paho 1.3.12 can read: a packet that is continued in another
 * frame after a PING or CLOSE makes it use freed memory, an empty frame makes
 * it read a byte that nobody wrote, a fragment that comes late is lost, and a
 * header without a colon crashes it. Brokers send none of these. No lock, no
 * clock and no socket. */
#ifndef GAOSHI_PROTOCOL_WEB_FRAMES_H
#define GAOSHI_PROTOCOL_WEB_FRAMES_H

#include <stddef.h>
#include <stdint.h>

enum {
    /* As much as Paho reads of the answer to its request. */
    WEB_FRAMES_ANSWER_BYTES = 12 + 1024,
    WEB_FRAMES_HEAD_BYTES = 10,
    /* RFC 6455, section 5.5. */
    WEB_FRAMES_CONTROL_BYTES = 125,
};

enum web_frames_stage { WEB_ANSWER, WEB_HEAD, WEB_PAYLOAD };

/* Zeroed when a connection begins. */
struct web_frames {
    enum web_frames_stage stage;
    char answer[WEB_FRAMES_ANSWER_BYTES]; /* to the request */
    size_t answer_bytes;
    unsigned char head[WEB_FRAMES_HEAD_BYTES]; /* of a frame */
    size_t head_bytes;
    size_t left_bytes; /* of its payload */
    /* Of the MQTT packet that the payload belongs to. */
    size_t packet_bytes; /* in all, as far as its header is read */
    size_t packet_left;
    unsigned packet_head; /* bytes of its header so far; 0: between packets */
    unsigned packet_shift;
    const char *problem; /* NULL: none so far */
};

/* Follows the next bytes. NULL: Paho can read them. Otherwise the line must be
 * ended, and nothing more be taken; the text says why. No frame and no packet
 * may be larger than most_bytes. */
const char *web_frames_take(struct web_frames *frames, const void *bytes,
                            size_t count, size_t most_bytes);

#endif
