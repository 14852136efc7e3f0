/* CONNECT and PUBLISH (MQTT 3.1.1, sections 3.1 and 3.3), blocking. */
#include "tests/support/hose.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PACKET_CONNECT = 0x10,
    PACKET_PUBLISH = 0x30,
    PACKET_PUBLISH_RETAINED = 0x31,
    HEAD_BYTES = 5,
};

static bool send_all(int hose, const void *bytes, size_t count)
{
    const char *at = bytes;

    while (count > 0) {
        ssize_t sent = send(hose, at, count, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += sent;
        count -= (size_t)sent;
    }
    return true;
}

/* Type and remaining length. */
static size_t put_head(unsigned char out[HEAD_BYTES], int type, size_t length)
{
    size_t at = 0;

    out[at++] = (unsigned char)type;
    do {
        unsigned char byte = length & 0x7F;
        length >>= 7;
        out[at++] = byte | (length > 0 ? 0x80 : 0);
    } while (length > 0);
    return at;
}

static size_t put_text(unsigned char *out, const char *text)
{
    size_t bytes = strlen(text);

    out[0] = (unsigned char)(bytes >> 8);
    out[1] = (unsigned char)bytes;
    memcpy(out + 2, text, bytes);
    return bytes + 2;
}

/* Level 4, a clean session, no keep-alive. */
static bool greet(int hose, const char *client_id)
{
    unsigned char body[256] = {0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0};
    unsigned char head[HEAD_BYTES], answer[4];
    size_t length = 10 + put_text(body + 10, client_id);
    size_t bytes = put_head(head, PACKET_CONNECT, length);

    return send_all(hose, head, bytes) && send_all(hose, body, length) &&
           recv(hose, answer, sizeof answer, MSG_WAITALL) == sizeof answer &&
           answer[0] == 0x20 && answer[3] == 0;
}

int hose_open(int port, const char *client_id)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((unsigned short)port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int hose = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (hose < 0)
        return -1;
    if (strlen(client_id) < 200 &&
        connect(hose, (struct sockaddr *)&address, sizeof address) == 0 &&
        greet(hose, client_id))
        return hose;
    close(hose);
    return -1;
}

void hose_close(int hose)
{
    if (hose >= 0)
        close(hose);
}

static bool pour(int hose, int type, const char *topic, const char *payload,
                 size_t bytes)
{
    unsigned char head[HEAD_BYTES];
    size_t topic_bytes = strlen(topic) + 2;
    size_t at = put_head(head, type, topic_bytes + bytes);
    unsigned char *packet = malloc(at + topic_bytes + bytes);

    if (!packet)
        return false;
    memcpy(packet, head, at);
    at += put_text(packet + at, topic);
    memcpy(packet + at, payload, bytes);
    bool sent = send_all(hose, packet, at + bytes);
    free(packet);
    return sent;
}

bool hose_publish(int hose, const char *topic, const char *payload,
                  size_t bytes)
{
    return pour(hose, PACKET_PUBLISH, topic, payload, bytes);
}

bool hose_retain(int hose, const char *topic, const char *payload, size_t bytes)
{
    return pour(hose, PACKET_PUBLISH_RETAINED, topic, payload, bytes);
}

bool hose_flush(int hose)
{
    static const unsigned char ping[] = {0xC0, 0};
    unsigned char answer[2];

    return send_all(hose, ping, sizeof ping) &&
           recv(hose, answer, sizeof answer, MSG_WAITALL) == sizeof answer &&
           answer[0] == 0xD0;
}
