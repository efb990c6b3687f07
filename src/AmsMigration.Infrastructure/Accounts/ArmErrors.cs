using System.Text.Json;
using AmsMigration.Accounts;

namespace AmsMigration.Infrastructure.Accounts;

/// <summary>From answers that are errors to what a user can do about them.</summary>
internal static class ArmErrors
{
    public static AccountException From(Uri address, string method, int status, JsonElement body, string? requestId)
    {
        (string? code, string? text) = Read(body);
        string said = $"{method} {address.AbsolutePath} was answered with {status}{(code is null ? "" : $" {code}")}{(text is null ? "" : $": {text}")}"
            + (requestId is null ? "" : $" (request id {requestId})");
        string id = (status, code) switch
        {
            (401, _) => "AccountUnauthorized",
            (403, _) => "AccountForbidden",
            (404, "SubscriptionNotFound") => "SubscriptionNotFound",
            (404, _) => "AccountNotFound",
            (405, _) => "AccountReadOnly",
            (429, _) => "AccountThrottled",
            ( >= 500, _) => "AccountUnavailable",
            (_, "SubscriptionNotRegistered" or "MissingSubscriptionRegistration" or "NoRegisteredProviderFound" or "InvalidResourceNamespace" or "InvalidResourceType") => "AccountNotFound",
            _ => "AccountRefused",
        };
        return new AccountException(id, said, status, code, requestId);
    }

    public static AccountException Unreachable(Uri address, Exception inner)
    {
        Exception innermost = inner is AggregateException aggregate ? aggregate.InnerExceptions[aggregate.InnerExceptions.Count - 1] : inner;
        return new AccountException("AccountUnreachable", $"{address.Host} could not be reached: {innermost.Message}", inner: inner);
    }

    private static (string? Code, string? Message) Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return (null, null);
        }

        JsonElement error = body.TryGetProperty("error", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object ? inner : body;
        return (Text(error, "code"), Text(error, "message"));
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
