/* Checks what can be checked without a connection: addresses, options that
 * belong together, and the files for TLS. Paho would only say that the
 * connection failed. */
#include "base/translate.h"
#include "protocol/link/link.h"

#include "base/utf8.h"
#include "protocol/broker_address.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

/* Paho uses TLS for all addresses once one of them asked for it. */
static bool check_kinds(const struct link_options *options,
                        struct problem *problem)
{
    struct broker_address first, each;

    for (size_t i = 0; i < options->broker_count; i++) {
        if (!broker_address_parse(options->brokers[i], &each, problem))
            return false;
        if (i == 0)
            first = each;
        if (each.tls != first.tls)
            return problem_set(
                problem, PROBLEM_FIELD,
                "'%.100s': either all addresses are mqtts or wss, or "
                "none is",
                options->brokers[i]);
    }
    return true;
}

static bool check_addresses(const struct link_options *options,
                            struct problem *problem)
{
    bool good = options->broker_count >= 1 &&
                options->broker_count <= LINK_BROKER_MAX;

    if (!good)
        problem_set(problem, PROBLEM_FIELD, "expected 1 to %d broker addresses",
                    LINK_BROKER_MAX);
    good = good && check_kinds(options, problem);
    if (!good && problem)
        snprintf(problem->field, sizeof problem->field, "broker.address");
    return good;
}

bool link_is_tls(const struct link_options *options)
{
    struct broker_address address;

    return broker_address_parse(options->brokers[0], &address, NULL) &&
           address.tls;
}

static bool check_certificates(const struct link_options *options,
                               struct problem *problem)
{
    bool tls = link_is_tls(options);

    if (tls && !options->ca_file)
        return problem_set_field(problem, "broker.ca",
                                 "missing; TLS needs the file of the CA that "
                                 "signed the broker's certificate");
    if (!tls && (options->ca_file || options->cert_file || options->key_file))
        return problem_set_field(problem, "broker.address",
                                 "certificates are given, but '%.100s' is not "
                                 "mqtts or wss",
                                 options->brokers[0]);
    if (!options->cert_file != !options->key_file)
        return problem_set_field(
            problem, options->cert_file ? "broker.key" : "broker.cert",
            "missing; cert and key belong together");
    return true;
}

bool link_check_options(const struct link_options *options,
                        struct problem *problem)
{
    if (!check_addresses(options, problem) ||
        !check_certificates(options, problem))
        return false;
    if (options->mqtt_version != 4 && options->mqtt_version != 5)
        return problem_set(problem, PROBLEM_FIELD,
                           "MQTT version %d: expected 5, or 4 for 3.1.1",
                           options->mqtt_version);
    if (!options->client_id || !options->client_id[0])
        return problem_set(problem, PROBLEM_FIELD,
                           "the client needs an identifier");
    return true;
}

static bool fail(struct problem *problem, const char *option, const char *file,
                 const char *what)
{
    ERR_clear_error();
    problem_set_field(problem, option, "%s", what);
    if (problem)
        problem->code = PROBLEM_AUTHORITY;
    problem_set_place(problem, file);
    return false;
}

/* Does not ask on the terminal: at a screen nobody could answer. */
static int no_pass_phrase(char *out, int size, int writing, void *context)
{
    (void)out, (void)size, (void)writing, (void)context;
    return -1;
}

/* Because of a byte order mark OpenSSL would skip the first line, and with it
 * the first of several certificates. */
static FILE *open_pem(const char *option, const char *file,
                      struct problem *problem)
{
    FILE *stream = fopen(file, "re");
    char start[3];

    if (!stream) {
        fail(problem, option, file, tr_error(errno));
        return NULL;
    }
    size_t bytes = fread(start, 1, sizeof start, stream);
    if (utf8_mark_bytes(start, bytes) > 0) {
        fail(problem, option, file,
             "begins with a byte order mark; save it without one");
        fclose(stream);
        return NULL;
    }
    rewind(stream);
    return stream;
}

static X509 *read_certificate(const char *option, const char *file,
                              struct problem *problem)
{
    FILE *stream = open_pem(option, file, problem);

    if (!stream)
        return NULL;
    X509 *certificate = PEM_read_X509(stream, NULL, no_pass_phrase, NULL);
    fclose(stream);
    if (!certificate)
        fail(problem, option, file, "no PEM certificate");
    return certificate;
}

static EVP_PKEY *read_key(const char *file, struct problem *problem)
{
    FILE *stream = open_pem("broker.key", file, problem);

    if (!stream)
        return NULL;
    EVP_PKEY *key = PEM_read_PrivateKey(stream, NULL, no_pass_phrase, NULL);
    fclose(stream);
    if (!key)
        fail(problem, "broker.key", file,
             "no PEM private key without a pass phrase");
    return key;
}

static bool check_pair(const struct link_options *options,
                       struct problem *problem)
{
    X509 *certificate = read_certificate("broker.cert", options->cert_file,
                                         problem);
    EVP_PKEY *key = NULL;
    bool good = false;

    if (certificate)
        key = read_key(options->key_file, problem);
    if (key)
        good = X509_check_private_key(certificate, key) == 1 ||
               fail(problem, "broker.key", options->key_file,
                    "not the key of the certificate beside it");
    EVP_PKEY_free(key);
    X509_free(certificate);
    return good;
}

bool link_check_files(const struct link_options *options,
                      struct problem *problem)
{
    if (options->ca_file) {
        X509 *authority = read_certificate("broker.ca", options->ca_file,
                                           problem);
        if (!authority)
            return false;
        X509_free(authority);
    }
    if (!options->cert_file && !options->key_file)
        return true;
    if (!options->cert_file || !options->key_file)
        return problem_set_field(problem, "broker.key",
                                 "cert and key belong together");
    return check_pair(options, problem);
}

bool link_check(const struct link_options *options, struct problem *problem)
{
    return link_check_options(options, problem) &&
           link_check_files(options, problem);
}
