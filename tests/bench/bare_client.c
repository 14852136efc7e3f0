/* The limit that a display is measured against: an X client that waits for a
 * message of the broker and fills the screen with one colour by one request.
 * It verifies, sets and draws nothing. Its window covers the whole screen of
 * DISPLAY.
 *
 * bare_client PORT TOPIC: each payload is a colour of six hexadecimal digits.
 * It prints «ready» when the broker has granted the subscription; TERM ends
 * it. */
#include <X11/Xlib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fleet/mqtt.h"

struct client {
    Display *x;
    Window window;
    GC gc;
    unsigned width, height;
    struct mqtt line;
    const char *topic;
};

static bool open_window(struct client *client)
{
    XSetWindowAttributes own = {.override_redirect = True};
    XEvent event;

    client->x = XOpenDisplay(NULL);
    if (!client->x)
        return false;
    int screen = DefaultScreen(client->x);
    client->width = (unsigned)DisplayWidth(client->x, screen);
    client->height = (unsigned)DisplayHeight(client->x, screen);
    client->window = XCreateWindow(client->x, RootWindow(client->x, screen), 0,
                                   0, client->width, client->height, 0,
                                   CopyFromParent, InputOutput, CopyFromParent,
                                   CWOverrideRedirect, &own);
    client->gc = XCreateGC(client->x, client->window, 0, NULL);
    XSelectInput(client->x, client->window, ExposureMask);
    XMapWindow(client->x, client->window);
    XWindowEvent(client->x, client->window, ExposureMask, &event);
    return true;
}

static void on_connected(void *context)
{
    struct client *client = context;

    mqtt_subscribe(&client->line, client->topic);
}

static void on_subscribed(void *context, bool granted)
{
    (void)context;
    if (granted)
        puts("ready");
    fflush(stdout);
}

static void on_message(void *context, const char *topic, const char *payload,
                       size_t bytes)
{
    struct client *client = context;
    char colour[8] = "";

    (void)topic;
    memcpy(colour, payload, bytes < sizeof colour ? bytes : sizeof colour - 1);
    XSetForeground(client->x, client->gc, strtoul(colour, NULL, 16));
    XFillRectangle(client->x, client->window, client->gc, 0, 0, client->width,
                   client->height);
    XFlush(client->x);
}

static bool serve(struct client *client)
{
    const struct mqtt_events events = {.context = client,
                                       .connected = on_connected,
                                       .subscribed = on_subscribed,
                                       .message = on_message};
    struct pollfd ready = {.fd = client->line.fd, .events = POLLIN};

    return mqtt_flush(&client->line) && poll(&ready, 1, -1) == 1 &&
           mqtt_read(&client->line, &events);
}

int main(int argc, char **argv)
{
    static const struct mqtt_will will = {"bare/gone", ""};
    struct client client = {.topic = argc == 3 ? argv[2] : NULL};

    if (argc != 3 || !open_window(&client) ||
        !mqtt_connect(&client.line, atoi(argv[1]), NULL, "bare", &will)) {
        fprintf(stderr, "usage: bare_client PORT TOPIC, with DISPLAY\n");
        return 2;
    }
    while (serve(&client))
        continue;
    mqtt_drop(&client.line);
    XCloseDisplay(client.x);
    return 1;
}
