using Microsoft.AspNetCore.Http;

namespace AmsMigration.KeyService.Serving;

/// <summary>Where players put their token: the header Authorization, as <c>Bearer TOKEN</c> or Media Services' <c>Bearer=TOKEN</c>, or the query's <c>token</c>.</summary>
internal static class BearerText
{
    private const string Scheme = "Bearer";

    /// <summary>Null where there is none.</summary>
    public static string? Find(HttpRequest request) =>
        Strip(request.Headers.Authorization.ToString(), isSchemeNeeded: true) ?? Strip(request.Query["token"].ToString(), isSchemeNeeded: false);

    private static string? Strip(string text, bool isSchemeNeeded)
    {
        bool hasScheme = text.Length > Scheme.Length && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && text[Scheme.Length] is ' ' or '=';
        string token = hasScheme ? text[(Scheme.Length + 1)..].Trim() : isSchemeNeeded ? "" : text;
        return token.Length > 0 ? token : null;
    }
}
