/* Reads the address of a broker strictly, because a mistake in it would
 * otherwise show only as a failed connection. */
#include "protocol/broker_address.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#define EXPECTED "expected mqtt://HOST:PORT or mqtts://HOST:PORT"

enum { LABEL_MAX = 63, PORT_MAX = 65535, PORT_DIGITS_MAX = 5 };

static const char digits[] = "0123456789";
static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789-_";

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

/* What follows the scheme, or NULL. */
static const char *after_scheme(const char *text, const char *scheme)
{
    while (*scheme && lower(*text) == *scheme)
        text++, scheme++;
    return *scheme ? NULL : text;
}

static bool is_ip_address(const char *text, int bytes)
{
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(text);
    bool is = address && ASN1_STRING_length(address) == bytes;

    ASN1_OCTET_STRING_free(address);
    return is;
}

/* Labels separated by dots. A name whose last label is a number can only be
 * meant as an address, so 10.0.0.256 is a mistake. */
static bool is_host_name(const char *host)
{
    const char *label = host;

    for (;;) {
        size_t length = strspn(label, letters);
        if (length == 0 || length > LABEL_MAX || label[0] == '-')
            return false;
        if (label[length] == '\0')
            break;
        if (label[length] != '.')
            return false;
        label += length + 1;
    }
    return label[strspn(label, digits)] != '\0' || is_ip_address(host, 4);
}

/* Reads the host and what follows it. */
static bool read_host(const char *text, struct broker_address *out,
                      const char **rest)
{
    bool bracketed = *text == '[';
    const char *begin = text + bracketed;
    size_t length = strcspn(begin, bracketed ? "]" : ":");

    if (length == 0 || length >= sizeof out->host ||
        (bracketed && begin[length] != ']'))
        return false;
    memcpy(out->host, begin, length);
    out->host[length] = '\0';
    out->ipv6 = bracketed;
    *rest = begin + length + bracketed;
    return bracketed ? is_ip_address(out->host, 16) : is_host_name(out->host);
}

static bool read_port(const char *text, struct broker_address *out)
{
    size_t length;

    if (*text == '\0') {
        out->port = out->tls ? BROKER_PORT_TLS : BROKER_PORT;
        return true;
    }
    length = strspn(text + 1, digits);
    if (*text != ':' || length == 0 || length > PORT_DIGITS_MAX ||
        text[1 + length] != '\0')
        return false;
    out->port = 0;
    for (size_t i = 1; i <= length; i++)
        out->port = 10 * out->port + (text[i] - '0');
    return out->port >= 1 && out->port <= PORT_MAX;
}

bool broker_address_parse(const char *text, struct broker_address *out,
                          struct problem *problem)
{
    struct broker_address found = {.tls = false};
    const char *host = after_scheme(text, "mqtt://");
    const char *port;

    /* The address is not quoted: the text before the @ may be a secret. */
    if (strchr(text, '@'))
        return problem_set(problem, PROBLEM_FIELD,
                           "a name or a password stands in the address; "
                           "expected mqtt://HOST:PORT alone, the name as "
                           "username and the password in password_file");
    if (!host) {
        host = after_scheme(text, "mqtts://");
        found.tls = true;
    }
    if (!host)
        return problem_set(problem, PROBLEM_FIELD, "'%.80s': " EXPECTED, text);
    if (!read_host(host, &found, &port))
        return problem_set(problem, PROBLEM_FIELD,
                           "'%.80s': " EXPECTED
                           ", HOST a name, 192.0.2.1 or [2001:db8::1]",
                           text);
    if (!read_port(port, &found))
        return problem_set(problem, PROBLEM_FIELD,
                           "'%.80s': " EXPECTED
                           ", PORT a number from 1 to 65535 and nothing "
                           "behind it",
                           text);
    *out = found;
    return true;
}

void broker_address_format(const struct broker_address *address,
                           char out[BROKER_ADDRESS_BYTES])
{
    snprintf(out, BROKER_ADDRESS_BYTES, "mqtt%s://%s%s%s:%d",
             address->tls ? "s" : "", address->ipv6 ? "[" : "", address->host,
             address->ipv6 ? "]" : "", address->port);
}
