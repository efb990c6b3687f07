using System.Text.Json;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.KeyService.Policies;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Protection;
using AmsMigration.Protection;
using Microsoft.Extensions.Logging;

namespace AmsMigration.KeyService.Keys;

/// <summary>Brings together keys and policies: those of an export, and those of a key file under a policy of the owner's choice.</summary>
internal sealed class KeyRingLoader(PolicyReader policies, ILogger logger)
{
    /// <summary>Opens every policy, and one key as proof that keys open; the others are opened when somebody asks for them.</summary>
    /// <exception cref="AmsMigration.Packaging.PackagingException">A key or policy does not open.</exception>
    public async Task AddExportAsync(KeyRing ring, ExportedKeyRing export, CancellationToken cancellation)
    {
        var read = new Dictionary<ExportedPolicy, KeyPolicy>();
        foreach (ExportedPolicy policy in export.Keys.SelectMany(key => key.Policies).Distinct())
        {
            read[policy] = policies.Read(policy.Name, await export.ReadPolicyAsync(policy, cancellation));
        }

        foreach (ExportedKey key in export.Keys)
        {
            if (key.Policies.Count > 1)
            {
                logger.LogWarning("The key {KeyId} was published under {Count} policies; it is handed out to whom all of them let in", key.Id, key.Policies.Count);
            }

            ring.Add(new GuardedKey(key.Id, [.. key.Policies.Select(policy => read[policy])], () => export.ReadKeyAsync(key.Id, CancellationToken.None)));
        }

        if (export.Keys.Count == 0)
        {
            throw new StartException("ExportWithoutKeys", "the export has no content keys; export them with -IncludeKeys");
        }

        await ProveAsync(export, export.Keys[0].Id, cancellation);
    }

    /// <param name="path">As -NewContentKeyPath writes it.</param>
    /// <param name="policyPath">JSON of a content key policy.</param>
    public void AddFile(KeyRing ring, string path, string policyPath)
    {
        KeyPolicy policy = policies.Read(Path.GetFileName(policyPath), ReadPolicy(policyPath));
        if (!File.Exists(path))
        {
            throw new StartException("KeyFileNotFound", $"there is no file '{path}'");
        }

        foreach (ContentKey key in ContentKeyFile.Open(path).Keys)
        {
            ring.Add(new GuardedKey(key.Id, [policy], () => Task.FromResult(key)));
        }
    }

    private async Task ProveAsync(ExportedKeyRing export, Guid id, CancellationToken cancellation)
    {
        try
        {
            await export.ReadKeyAsync(id, cancellation);
        }
        catch (PackagingException e) when (e.Code is "ContentKeyUnavailable" or "InvalidContentKey")
        {
            logger.LogWarning("{Problem}: {Reason}", e.Code, e.Message);
        }
    }

    private static JsonElement ReadPolicy(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new StartException("PolicyUnreadable", $"'{path}' cannot be read as JSON of a content key policy");
        }
    }
}
