/* Packets of MQTT 3.1.1 (OASIS), in and out of two buffers. */
#include "tests/fleet/mqtt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNACK = 0x20,
    PUBLISH = 0x30,
    PUBACK = 0x40,
    SUBSCRIBE = 0x82,
    SUBACK = 0x90,
    UNSUBSCRIBE = 0xA2,
    KEEP_ALIVE_S = 120,
    TOPIC_BYTES = 512,
};

static void put(struct mqtt *mqtt, const void *bytes, size_t count)
{
    if (mqtt->out_bytes + count > mqtt->out_room) {
        mqtt->out_room = 2 * (mqtt->out_bytes + count);
        mqtt->out = realloc(mqtt->out, mqtt->out_room);
        if (!mqtt->out)
            abort();
    }
    memcpy(mqtt->out + mqtt->out_bytes, bytes, count);
    mqtt->out_bytes += count;
}

static void put_byte(struct mqtt *mqtt, unsigned byte)
{
    put(mqtt, &(unsigned char){(unsigned char)byte}, 1);
}

static void put_short(struct mqtt *mqtt, size_t number)
{
    put_byte(mqtt, (unsigned)(number >> 8));
    put_byte(mqtt, (unsigned)(number & 0xFF));
}

static void put_text(struct mqtt *mqtt, const char *text)
{
    put_short(mqtt, strlen(text));
    put(mqtt, text, strlen(text));
}

static void put_head(struct mqtt *mqtt, unsigned type, size_t length)
{
    put_byte(mqtt, type);
    do {
        put_byte(mqtt, (unsigned)(length % 128) | (length > 127 ? 128 : 0));
        length /= 128;
    } while (length > 0);
}

static uint16_t next_packet(struct mqtt *mqtt)
{
    mqtt->packet = (uint16_t)(mqtt->packet % 60000 + 1);
    return mqtt->packet;
}

static bool begin_tls(struct mqtt *mqtt, SSL_CTX *tls)
{
    mqtt->ssl = SSL_new(tls);
    if (!mqtt->ssl || !SSL_set_fd(mqtt->ssl, mqtt->fd))
        return false;
    SSL_set_mode(mqtt->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_connect_state(mqtt->ssl);
    return true;
}

bool mqtt_connect(struct mqtt *mqtt, int port, SSL_CTX *tls,
                  const char *client_id, const struct mqtt_will *will)
{
    static const int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    size_t length = 10 + 6 + strlen(client_id) + strlen(will->topic) +
                    strlen(will->payload);

    *mqtt = (struct mqtt){
        .fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (mqtt->fd < 0)
        return false;
    setsockopt(mqtt->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if ((connect(mqtt->fd, (struct sockaddr *)&address, sizeof address) != 0 &&
         errno != EINPROGRESS) ||
        (tls && !begin_tls(mqtt, tls))) {
        mqtt_drop(mqtt);
        return false;
    }
    put_head(mqtt, 0x10, length);
    put_text(mqtt, "MQTT");
    put_byte(mqtt, 4);
    put_byte(mqtt,
             0x02 | 0x04 | 0x08 | 0x20); /* clean, will, QoS 1, retained */
    put_short(mqtt, KEEP_ALIVE_S);
    put_text(mqtt, client_id);
    put_text(mqtt, will->topic);
    put_text(mqtt, will->payload);
    return true;
}

void mqtt_drop(struct mqtt *mqtt)
{
    SSL_free(mqtt->ssl);
    if (mqtt->fd >= 0)
        close(mqtt->fd);
    free(mqtt->in);
    free(mqtt->out);
    *mqtt = (struct mqtt){.fd = -1};
}

void mqtt_subscribe(struct mqtt *mqtt, const char *filter)
{
    put_head(mqtt, SUBSCRIBE, 2 + 2 + strlen(filter) + 1);
    put_short(mqtt, next_packet(mqtt));
    put_text(mqtt, filter);
    put_byte(mqtt, 1);
}

uint16_t mqtt_publish(struct mqtt *mqtt, const char *topic, const char *payload,
                      bool retained)
{
    size_t bytes = strlen(payload);
    uint16_t packet = next_packet(mqtt);

    put_head(mqtt, PUBLISH | 0x02 | retained, 2 + strlen(topic) + 2 + bytes);
    put_text(mqtt, topic);
    put_short(mqtt, packet);
    put(mqtt, payload, bytes);
    return packet;
}

void mqtt_unsubscribe(struct mqtt *mqtt, const char *filter)
{
    put_head(mqtt, UNSUBSCRIBE, 2 + 2 + strlen(filter));
    put_short(mqtt, next_packet(mqtt));
    put_text(mqtt, filter);
}

/* Whether a call that did nothing may do so later. */
static bool may_go_on(const struct mqtt *mqtt, int result)
{
    if (!mqtt->ssl)
        return errno == EAGAIN || errno == ENOTCONN || errno == EINTR;
    int error = SSL_get_error(mqtt->ssl, result);
    bool waits = error == SSL_ERROR_WANT_READ ||
                 error == SSL_ERROR_WANT_WRITE ||
                 (error == SSL_ERROR_SYSCALL && errno == ENOTCONN);
    ERR_clear_error();
    return waits;
}

bool mqtt_flush(struct mqtt *mqtt)
{
    while (mqtt->out_bytes > 0) {
        errno = 0;
        ssize_t sent =
            mqtt->ssl
                ? SSL_write(mqtt->ssl, mqtt->out, (int)mqtt->out_bytes)
                : send(mqtt->fd, mqtt->out, mqtt->out_bytes, MSG_NOSIGNAL);
        if (sent <= 0)
            return may_go_on(mqtt, (int)sent);
        mqtt->reached = true;
        mqtt->out_bytes -= (size_t)sent;
        memmove(mqtt->out, mqtt->out + sent, mqtt->out_bytes);
    }
    return true;
}

static void take_publish(struct mqtt *mqtt, const struct mqtt_events *events,
                         unsigned type, const unsigned char *body,
                         size_t length)
{
    size_t topic_bytes = length >= 2 ? (size_t)body[0] << 8 | body[1] : 0;
    size_t qos = type >> 1 & 3, head = 2 + topic_bytes + (qos > 0 ? 2 : 0);
    char topic[TOPIC_BYTES];

    if (head > length || topic_bytes >= sizeof topic)
        return;
    memcpy(topic, body + 2, topic_bytes);
    topic[topic_bytes] = '\0';
    if (qos > 0) {
        put_head(mqtt, PUBACK, 2);
        put(mqtt, body + 2 + topic_bytes, 2);
    }
    events->message(events->context, topic, (const char *)body + head,
                    length - head);
}

static void take_packet(struct mqtt *mqtt, const struct mqtt_events *events,
                        unsigned type, const unsigned char *body, size_t length)
{
    if (type == CONNACK && length == 2 && body[1] == 0)
        events->connected(events->context);
    else if (type == SUBACK)
        events->subscribed(events->context, length == 3 && body[2] < 0x80);
    else if (type == PUBACK && length >= 2 && events->acknowledged)
        events->acknowledged(events->context,
                             (uint16_t)(body[0] << 8 | body[1]));
    else if ((type & 0xF0) == PUBLISH)
        take_publish(mqtt, events, type, body, length);
}

/* Bytes of the first packet with its head; 0: it is not whole yet. */
static size_t find_packet(const struct mqtt *mqtt, size_t *head)
{
    size_t length = 0;

    for (size_t i = 1, shift = 0; i < mqtt->in_bytes && i < 5; i++) {
        length |= (size_t)(mqtt->in[i] & 127) << shift;
        shift += 7;
        *head = i + 1;
        if (mqtt->in[i] < 128)
            return *head + length <= mqtt->in_bytes ? *head + length : 0;
    }
    return 0;
}

static void take_packets(struct mqtt *mqtt, const struct mqtt_events *events)
{
    size_t whole, head;

    while (mqtt->in_bytes > 0 && (whole = find_packet(mqtt, &head)) > 0) {
        take_packet(mqtt, events, mqtt->in[0], mqtt->in + head, whole - head);
        mqtt->in_bytes -= whole;
        memmove(mqtt->in, mqtt->in + whole, mqtt->in_bytes);
    }
}

bool mqtt_read(struct mqtt *mqtt, const struct mqtt_events *events)
{
    for (;;) {
        if (mqtt->in_room - mqtt->in_bytes < 1024) {
            mqtt->in_room = 2 * mqtt->in_room + 4096;
            mqtt->in = realloc(mqtt->in, mqtt->in_room);
            if (!mqtt->in)
                abort();
        }
        size_t room = mqtt->in_room - mqtt->in_bytes;
        errno = 0;
        ssize_t got = mqtt->ssl
                          ? SSL_read(mqtt->ssl, mqtt->in + mqtt->in_bytes,
                                     (int)room)
                          : recv(mqtt->fd, mqtt->in + mqtt->in_bytes, room, 0);
        if (got <= 0)
            return (mqtt->ssl || got < 0) && may_go_on(mqtt, (int)got);
        mqtt->in_bytes += (size_t)got;
        mqtt->heard = true;
        take_packets(mqtt, events);
        /* The socket is empty: what comes later is told by epoll. */
        if (!mqtt->ssl && (size_t)got < room)
            return true;
    }
}
