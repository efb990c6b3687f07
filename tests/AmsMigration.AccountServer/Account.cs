using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace AmsMigration.TestAccounts;

/// <summary>A Media Services account as the service holds it: resources by path, each as the JSON that a GET answers. Paths do not tell letter case apart.</summary>
public sealed class Account
{
    private const string Provider = "Microsoft.Media/mediaservices";

    private readonly ConcurrentDictionary<string, JsonNode> _resources = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, List<string>> _lists = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, JsonNode> _actions = new(StringComparer.OrdinalIgnoreCase);

    public Account(string subscriptionId, string resourceGroup, string name)
    {
        (SubscriptionId, ResourceGroup, Name) = (subscriptionId, resourceGroup, name);
        Id = $"/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/{Provider}/{name}";
    }

    public string SubscriptionId { get; }

    public string ResourceGroup { get; }

    public string Name { get; }

    public string Id { get; }

    /// <summary>The header <c>ams-retirement-date</c> of the account's GET, as it stands; null for none.</summary>
    public string? RetirementDate { get; set; }

    /// <summary>It has expired: PUT, PATCH and POST are refused. The actions that read are POSTs, and the service's word does not spare them.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Reading actions are answered though the account is read-only.</summary>
    public bool AnswersReadingPosts { get; set; } = true;

    /// <summary>What the account's own GET answers.</summary>
    public JsonNode Body { get; set; } = new JsonObject();

    /// <summary>Adds a resource to a list, e.g. <c>assets</c> or <c>assets/talk/tracks</c>.</summary>
    public void Add(string list, JsonNode resource)
    {
        string path = $"{list}/{resource["name"]}";
        _resources[path] = resource;
        List<string> paths = _lists.GetOrAdd(list, _ => []);
        lock (paths)
        {
            paths.Add(path);
        }
    }

    /// <summary>What a POST below the account answers, e.g. of <c>streamingLocators/talk/listPaths</c>.</summary>
    public void Answer(string action, JsonNode body) => _actions[action] = body;

    public JsonNode? Find(string path) => _resources.GetValueOrDefault(path);

    public JsonNode? FindAction(string path) => _actions.GetValueOrDefault(path);

    /// <summary>A page of a list; null where there is no such list, which the service says of a missing parent alone.</summary>
    public (IReadOnlyList<JsonNode> Items, int Total)? Page(string list, int skip, int take)
    {
        string? parent = list.Contains('/') ? list[..list.LastIndexOf('/')] : null;
        if (parent is not null && !_resources.ContainsKey(parent))
        {
            return null;
        }

        List<string> paths = _lists.GetValueOrDefault(list) ?? [];
        lock (paths)
        {
            return ([.. paths.Skip(skip).Take(take).Select(path => _resources[path])], paths.Count);
        }
    }
}
