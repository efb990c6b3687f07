using System.Text.Json;
using AmsMigration.Accounts;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Infrastructure.Metadata.Secrets;
using AmsMigration.Metadata;
using AmsMigration.Recommendations;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>
/// One run over one account: the small lists first, then jobs and locators, of which assets need to know, then the assets as their list comes in, each saved
/// before the next is waited for. The files of whole kinds are written last, with what earlier runs had.
/// </summary>
internal sealed class AccountExport
{
    private readonly AccountId _id;
    private readonly MetadataExportOptions _options;
    private readonly ArmClient _client;
    private readonly AccountPaths _paths;
    private readonly ExportFolder _folder;
    private readonly ISecretStore? _secrets;
    private readonly Action<string> _tell;
    private readonly SecretScreen _screen;
    private readonly ProblemList _problems = new();
    private readonly KeyPace _pace;
    private readonly Dictionary<string, KindFile> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _protection = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<StreamingHost> _hosts = [];
    private readonly List<JsonElement> _filters = [];
    private readonly JobLinks _jobs = new();

    public AccountExport(
        AccountId id, MetadataExportOptions options, ArmClient client, ExportFolder folder, ISecretStore? secrets, Action<string> tell, KeyPace? pace = null)
    {
        _id = id;
        _options = options;
        _client = client;
        _paths = new AccountPaths(id);
        _folder = folder;
        _secrets = secrets;
        _tell = tell;
        _screen = new SecretScreen(options.Secrets is { IsPlainText: true });
        _pace = pace ?? new KeyPace(options.KeyRequestsPerHour);
    }

    public SecretScreen Screen => _screen;

    public ProblemList Problems => _problems;

    public ISecretStore? Secrets => _secrets;

    public IReadOnlyList<StreamingHost> Hosts => _hosts;

    public IReadOnlyDictionary<string, string[]> Protection => _protection;

    /// <summary>Of the account; known before the first asset.</summary>
    public IReadOnlyList<JsonElement> Filters => _filters;

    public JobLinks Jobs => _jobs;

    /// <summary>Saves the account and all but its assets; then <paramref name="saveAssets"/> does those.</summary>
    /// <param name="saveAssets">Takes the account as the service describes it, and the run; returns how many assets were saved, unchanged, of version 2.</param>
    public async Task<AmsExportSummary> RunAsync(
        string version, Func<JsonElement, ExportRun, Task<AssetTally>> saveAssets, DateTimeOffset now, CancellationToken cancellation)
    {
        long before = _client.Requests;
        ArmAnswer account = await _client.GetAsync(_paths.Account, ApiVersions.Accounts, cancellation).ConfigureAwait(false);
        account.Headers.TryGetValue(AccountReader.RetirementDate, out string? retirement);
        ExportRecord? last = await ExportRecord.ReadAsync(_folder, cancellation).ConfigureAwait(false);
        var record = new ExportRecord
        {
            Run = last is { CompletedOn: null } && !_options.Force ? last.Run : Guid.NewGuid().ToString("N"),
            AccountName = _id.AccountName,
            ResourceId = _id.ToString(),
            Version = version,
            StartedOn = now,
            RetirementDate = retirement,
            Keys = _secrets?.Name,
        };
        await record.WriteAsync(_folder, cancellation).ConfigureAwait(false);
        await _folder.WriteAsync("account.json", _screen.Write(account.Body), cancellation).ConfigureAwait(false);
        try
        {
            foreach (ResourceList list in ResourceList.All)
            {
                await SaveListAsync(list, cancellation).ConfigureAwait(false);
            }

            await SaveEdgePoliciesAsync(cancellation).ConfigureAwait(false);
            bool isFrozen = ExpiryRules.Parse(retirement) is DateTimeOffset date && date <= now;
            AssetTally tally = await saveAssets(account.Body, new ExportRun(record.Run, isFrozen)).ConfigureAwait(false);
            foreach (KindFile kind in _kinds.Values)
            {
                _tell($"writing {kind.Path}");
                await kind.WriteAsync(_folder, cancellation).ConfigureAwait(false);
            }

            record = record with
            {
                CompletedOn = DateTimeOffset.UtcNow,
                Assets = Kind("assets").Count,
                Version2Assets = tally.Version2,
                Resources = _kinds.ToDictionary(kind => kind.Key, kind => kind.Value.Count),
                Problems = _problems.All,
            };
            if (_options.VersionGuide is VersionGuide guide)
            {
                byte[] map = ExportJson.Write(VersionMap.Of(guide, record.Resources, record.Version2Assets));
                await _folder.WriteAsync(VersionMap.Path, map, cancellation).ConfigureAwait(false);
            }

            await record.WriteAsync(_folder, cancellation).ConfigureAwait(false);
            return new AmsExportSummary
            {
                AccountName = _id.AccountName,
                Path = _folder.Location,
                Assets = record.Assets,
                Unchanged = tally.Unchanged,
                Resources = record.Resources,
                Requests = _client.Requests - before,
                Problems = record.Problems,
                Keys = record.Keys,
            };
        }
        finally
        {
            foreach (KindFile kind in _kinds.Values)
            {
                kind.Dispose();
            }
        }
    }

    /// <summary>The file of a kind; made when it is first asked for.</summary>
    public KindFile Kind(string name)
    {
        lock (_kinds)
        {
            if (!_kinds.TryGetValue(name, out KindFile? kind))
            {
                _kinds[name] = kind = new KindFile(name, _screen);
            }

            return kind;
        }
    }

    /// <summary>All items of a list below the account; where the service refuses in the middle, those before it.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string apiVersion, CancellationToken cancellation, params string[] path)
    {
        List<JsonElement> items = [];
        await _problems.AskAsync(
            string.Join("/", path),
            async () =>
            {
                await foreach (JsonElement item in _client.ListAsync(_paths.Below(path), apiVersion, cancellation).ConfigureAwait(false))
                {
                    items.Add(item);
                }

                return true;
            }).ConfigureAwait(false);
        return items;
    }

    /// <summary>What a reading action answers; null where the service refuses.</summary>
    public Task<JsonElement?> ActAsync(string apiVersion, CancellationToken cancellation, params string[] path) => _problems.AskAsync<JsonElement?>(
        string.Join("/", path),
        async () => (await _client.PostAsync(_paths.Below(path), apiVersion, cancellation).ConfigureAwait(false)).Body);

    /// <summary>The same of an action that answers with secrets, of which the service answers so many an hour.</summary>
    public async Task<JsonElement?> ActForKeysAsync(CancellationToken cancellation, params string[] path)
    {
        await _pace.WaitAsync(_tell, cancellation).ConfigureAwait(false);
        return await ActAsync(ApiVersions.Metadata, cancellation, path).ConfigureAwait(false);
    }

    private async Task SaveListAsync(ResourceList list, CancellationToken cancellation)
    {
        _tell(list.Name);
        KindFile kind = Kind(list.Name);
        foreach (JsonElement item in await ListAsync(list.ApiVersion, cancellation, list.Name).ConfigureAwait(false))
        {
            kind.Add(item);
            await LookAtAsync(list.Name, item, cancellation).ConfigureAwait(false);
            if (list.Child is not null && Json.Text(item, "name") is string name)
            {
                await SaveChildrenAsync(list, name, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task SaveChildrenAsync(ResourceList list, string parent, CancellationToken cancellation)
    {
        _tell($"{list.Child} of {parent}");
        KindFile kind = Kind(list.Child!);
        await _problems.AskAsync(
            $"{list.Name}/{parent}/{list.Child}",
            async () =>
            {
                await foreach (JsonElement item in _client.ListAsync(_paths.Below(list.Name, parent, list.Child!), list.ApiVersion, cancellation).ConfigureAwait(false))
                {
                    kind.Add(item);
                    if (list.Child == "jobs")
                    {
                        _jobs.Add(parent, item);
                    }
                }

                return true;
            }).ConfigureAwait(false);
    }

    /// <summary>What assets need to know of it, and the secrets in it.</summary>
    private async Task LookAtAsync(string list, JsonElement item, CancellationToken cancellation)
    {
        string name = Json.Text(item, "name") ?? "";
        switch (list)
        {
            case "streamingEndpoints":
                _hosts.AddRange(ServiceJson.Hosts(item));
                await SaveOpenSecretsAsync(list, name, item, cancellation).ConfigureAwait(false);
                break;
            case "liveEvents":
                await SaveOpenSecretsAsync(list, name, item, cancellation).ConfigureAwait(false);
                break;
            case "accountFilters":
                _filters.Add(item);
                break;
            case "streamingPolicies":
                _protection[name] = ServiceJson.Protection(item);
                break;
            case "contentKeyPolicies" when _secrets is not null:
                if (await ActForKeysAsync(cancellation, list, name, "getPolicyPropertiesWithSecrets").ConfigureAwait(false) is JsonElement answer)
                {
                    await _secrets.SaveAsync(SecretKind.ContentKeyPolicy, name, ExportJson.Write(answer), cancellation).ConfigureAwait(false);
                }

                break;
        }
    }

    /// <summary>What is hidden in the file of its kind is kept where secrets are.</summary>
    private Task SaveOpenSecretsAsync(string list, string name, JsonElement item, CancellationToken cancellation)
    {
        byte[] whole = ExportJson.Write(item);
        return _secrets is null || whole.AsSpan().SequenceEqual(ExportJson.Write(_screen.Screen(item)))
            ? Task.CompletedTask
            : _secrets.SaveAsync(SecretKind.Resource, $"{list}/{name}", whole, cancellation);
    }

    private async Task SaveEdgePoliciesAsync(CancellationToken cancellation)
    {
        _tell("edge policies");
        JsonElement? answer = await ActAsync(ApiVersions.Accounts, cancellation, "listEdgePolicies").ConfigureAwait(false);
        if (answer is { ValueKind: JsonValueKind.Object } policies)
        {
            await _folder.WriteAsync("edgePolicies.json", _screen.Write(policies), cancellation).ConfigureAwait(false);
        }
    }
}

/// <summary>A run over an account.</summary>
/// <param name="Id">Assets that carry it were saved by this run, which may have been killed and begun again.</param>
/// <param name="IsFrozen">The account has expired: nothing in it changes any more.</param>
internal sealed record ExportRun(string Id, bool IsFrozen);

/// <summary>Assets that a run has met.</summary>
/// <param name="Version2">Those that version 2 of the API has made, as far as it shows.</param>
internal sealed record AssetTally(int Unchanged, int Version2);
