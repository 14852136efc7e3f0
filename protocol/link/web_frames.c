/* The server's half of RFC 6455, as far as MQTT needs it. */
#include "protocol/link/web_frames.h"
#include "base/translate.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum {
    FINAL = 0x80,
    RESERVED = 0x70,
    OPCODE = 0x0F,
    OPCODE_BINARY = 2,
    OPCODE_CLOSE = 8,
    OPCODE_PONG = 10,
    MASKED = 0x80,
    LENGTH = 0x7F,
    LENGTH_2_BYTES = 126,
    LENGTH_8_BYTES = 127,
};

/* Paho looks for the name anywhere in the answer and then for a colon, without
 * asking whether there is one. */
static bool can_read_answer(const struct web_frames *frames)
{
    static const char name[] = "sec-websocket-accept";
    const size_t length = sizeof name - 1;

    for (size_t i = 0; i + length < frames->answer_bytes; i++)
        if (strncasecmp(frames->answer + i, name, length) == 0)
            return frames->answer[i + length] == ':';
    return true; /* Paho ends the connection itself */
}

static const char *take_answer(struct web_frames *frames, char byte)
{
    static const char end[] = "\r\n\r\n";

    if (frames->answer_bytes == sizeof frames->answer)
        return tr("its answer to the request for a WebSocket is too long");
    frames->answer[frames->answer_bytes++] = byte;
    if (frames->answer_bytes < sizeof end - 1 ||
        memcmp(frames->answer + frames->answer_bytes - (sizeof end - 1), end,
               sizeof end - 1) != 0)
        return NULL;
    frames->stage = WEB_HEAD;
    return can_read_answer(frames)
               ? NULL
               : tr("its answer to the request for a WebSocket is broken");
}

/* The first two bytes are there. */
static size_t head_length(const struct web_frames *frames)
{
    unsigned length = frames->head[1] & LENGTH;

    return length == LENGTH_8_BYTES ? 10 : length == LENGTH_2_BYTES ? 4 : 2;
}

static uint64_t payload_length(const struct web_frames *frames)
{
    uint64_t length = frames->head[1] & LENGTH;

    if (length < LENGTH_2_BYTES)
        return length;
    length = 0;
    for (size_t i = 2; i < head_length(frames); i++)
        length = length << 8 | frames->head[i];
    return length;
}

static bool is_control(const struct web_frames *frames)
{
    return (frames->head[0] & OPCODE) >= OPCODE_CLOSE;
}

/* The head is whole. */
static const char *check_head(const struct web_frames *frames,
                              size_t most_bytes)
{
    unsigned opcode = frames->head[0] & OPCODE;
    uint64_t length = payload_length(frames);

    if (frames->head[0] & RESERVED || frames->head[1] & MASKED)
        return tr("a WebSocket frame has bits that no server may set");
    if (!(frames->head[0] & FINAL) || opcode == 0)
        return tr("a WebSocket message comes in fragments");
    if (is_control(frames)) {
        if (opcode > OPCODE_PONG || length > WEB_FRAMES_CONTROL_BYTES)
            return tr("a WebSocket frame is of no known kind");
        return frames->packet_head > 0 ? tr("a WebSocket control frame stands "
                                            "within an MQTT packet")
                                       : NULL;
    }
    if (opcode != OPCODE_BINARY)
        return tr("a WebSocket frame is not binary");
    if (length == 0)
        return tr("a WebSocket frame is empty");
    return length > most_bytes ? tr("a WebSocket frame is too large") : NULL;
}

static const char *take_head(struct web_frames *frames, unsigned char byte,
                             size_t most_bytes)
{
    frames->head[frames->head_bytes++] = byte;
    if (frames->head_bytes < 2 || frames->head_bytes < head_length(frames))
        return NULL;
    const char *problem = check_head(frames, most_bytes);
    frames->left_bytes = problem ? 0 : (size_t)payload_length(frames);
    frames->head_bytes = 0;
    if (frames->left_bytes > 0)
        frames->stage = WEB_PAYLOAD;
    return problem;
}

static void end_packet(struct web_frames *frames)
{
    frames->packet_head = frames->packet_shift = 0;
    frames->packet_bytes = frames->packet_left = 0;
}

/* The fixed header of MQTT, section 2.1 of the standard: a type, and a length
 * of one to four bytes. */
static const char *take_packet_head(struct web_frames *frames,
                                    unsigned char byte, size_t most_bytes)
{
    if (frames->packet_head++ == 0)
        return NULL;
    frames->packet_bytes |= (size_t)(byte & 127) << frames->packet_shift;
    frames->packet_shift += 7;
    if (byte & 128)
        return frames->packet_head > 4 ? tr("an MQTT packet has no length")
                                       : NULL;
    if (frames->packet_bytes > most_bytes)
        return tr("an MQTT packet is too large");
    frames->packet_left = frames->packet_bytes;
    if (frames->packet_left == 0)
        end_packet(frames);
    return NULL;
}

/* Returns how many bytes it took; *problem is set if they are wrong. */
static size_t take_payload(struct web_frames *frames,
                           const unsigned char *bytes, size_t count,
                           size_t most_bytes, const char **problem)
{
    size_t took = frames->left_bytes < count ? frames->left_bytes : count;

    if (!is_control(frames) && frames->packet_left == 0) {
        took = 1;
        *problem = take_packet_head(frames, bytes[0], most_bytes);
    } else if (!is_control(frames)) {
        if (took > frames->packet_left)
            took = frames->packet_left;
        frames->packet_left -= took;
        if (frames->packet_left == 0)
            end_packet(frames);
    }
    frames->left_bytes -= took;
    if (frames->left_bytes == 0)
        frames->stage = WEB_HEAD;
    return took;
}

const char *web_frames_take(struct web_frames *frames, const void *bytes,
                            size_t count, size_t most_bytes)
{
    const unsigned char *at = bytes, *end = at + count;

    while (at < end && !frames->problem) {
        if (frames->stage == WEB_PAYLOAD)
            at += take_payload(frames, at, (size_t)(end - at), most_bytes,
                               &frames->problem);
        else if (frames->stage == WEB_HEAD)
            frames->problem = take_head(frames, *at++, most_bytes);
        else
            frames->problem = take_answer(frames, (char)*at++);
    }
    return frames->problem;
}
