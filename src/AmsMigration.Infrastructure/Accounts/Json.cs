using System.Text.Json;

namespace AmsMigration.Infrastructure.Accounts;

/// <summary>Looks into JSON of which nothing is sure.</summary>
internal static class Json
{
    /// <summary>The text at a path of names; null where there is none.</summary>
    public static string? Text(JsonElement element, params string[] path) =>
        Find(element, path) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The items of a list at a path of names; empty where there is none.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement element, params string[] path) =>
        Find(element, path) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>What is at a path of names; null where nothing is.</summary>
    public static JsonElement? Find(JsonElement element, params string[] path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }
}
