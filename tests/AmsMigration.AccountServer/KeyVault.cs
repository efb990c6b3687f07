using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AmsMigration.TestAccounts;

/// <summary>A key vault on the same host: <c>/secrets/NAME</c>. Like the real one it first says whose token it wants.</summary>
public sealed class KeyVault(Func<string> token)
{
    private readonly ConcurrentDictionary<string, JsonObject> _secrets = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>As the client wrote them: value, contentType, tags.</summary>
    public IReadOnlyDictionary<string, JsonObject> Secrets => _secrets;

    /// <summary>Requests are refused with 403.</summary>
    public bool IsForbidden { get; set; }

    public async Task<(int, JsonNode?)> AnswerAsync(HttpContext context, string path)
    {
        HttpRequest request = context.Request;
        if (request.Headers.Authorization.ToString() != $"Bearer {token()}")
        {
            context.Response.Headers.WWWAuthenticate = "Bearer authorization=\"https://login.example.com/tenant\", resource=\"https://vault.example.com\"";
            return (401, null);
        }

        if (IsForbidden)
        {
            return (403, new JsonObject { ["error"] = new JsonObject { ["code"] = "Forbidden", ["message"] = "The user has no secrets set permission." } });
        }

        string name = path.Split('/', StringSplitOptions.RemoveEmptyEntries)[1];
        if (request.Method == "PUT")
        {
            _secrets[name] = (await JsonNode.ParseAsync(request.Body))!.AsObject();
        }

        return _secrets.TryGetValue(name, out JsonObject? secret)
            ? (200, new JsonObject
            {
                ["id"] = $"https://{request.Host}/secrets/{name}/0123456789abcdef",
                ["value"] = secret["value"]!.DeepClone(),
                ["attributes"] = new JsonObject { ["enabled"] = true },
            })
            : (404, new JsonObject { ["error"] = new JsonObject { ["code"] = "SecretNotFound", ["message"] = "It is not there." } });
    }
}
