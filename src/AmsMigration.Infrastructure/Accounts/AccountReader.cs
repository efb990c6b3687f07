using System.Text.Json;
using AmsMigration.Accounts;
using AmsMigration.Identity;

namespace AmsMigration.Infrastructure.Accounts;

/// <summary>Reads how long accounts live, and asks for the one-time extension. Safe for use by several threads.</summary>
public sealed class AccountReader : IAccounts
{
    internal const string RetirementDate = "ams-retirement-date";

    private readonly ArmClient _client;
    private readonly AzureEndpoints _endpoints;

    public AccountReader(AzureEndpoints endpoints, ITokenSource tokens)
        : this(endpoints, tokens, new ArmOptions())
    {
    }

    internal AccountReader(AzureEndpoints endpoints, ITokenSource tokens, ArmOptions options)
    {
        _endpoints = endpoints;
        _client = new ArmClient(endpoints, tokens, options);
    }

    public async Task<AmsAccountExpiry> GetExpiryAsync(AccountId id, DateTimeOffset asOf, CancellationToken cancellation) =>
        ExpiryRules.Judge(await ReadAsync(id, cancellation).ConfigureAwait(false), _endpoints.Cloud, asOf);

    public async Task<IReadOnlyList<AccountId>> ListAsync(string subscriptionId, string? resourceGroupName, CancellationToken cancellation)
    {
        string path = resourceGroupName is null
            ? $"/subscriptions/{Escape(subscriptionId)}/providers/Microsoft.Media/mediaservices"
            : $"/subscriptions/{Escape(subscriptionId)}/resourceGroups/{Escape(resourceGroupName)}/providers/Microsoft.Media/mediaservices";
        List<AccountId> accounts = [];
        try
        {
            await foreach (JsonElement account in _client.ListAsync(path, ApiVersions.Accounts, cancellation).ConfigureAwait(false))
            {
                accounts.Add(AccountId.Parse(account.GetProperty("id").GetString() ?? ""));
            }
        }
        catch (AccountException e) when (e.Code == "AccountNotFound")
        {
            return [];
        }

        return accounts;
    }

    public async Task<IReadOnlyList<string>> ListSubscriptionsAsync(CancellationToken cancellation)
    {
        List<string> ids = [];
        await foreach (JsonElement subscription in _client.ListAsync("/subscriptions", ApiVersions.Subscriptions, cancellation).ConfigureAwait(false))
        {
            ids.Add(subscription.GetProperty("subscriptionId").GetString() ?? "");
        }

        return ids;
    }

    public async Task<AmsAccountExpiry> ExtendAsync(AccountId id, DateTimeOffset asOf, CancellationToken cancellation)
    {
        await _client.PatchAsync(new AccountPaths(id).Account, ApiVersions.Accounts, ("ams-extend-retirement", "True"), cancellation).ConfigureAwait(false);
        return await GetExpiryAsync(id, asOf, cancellation).ConfigureAwait(false);
    }

    private async Task<AccountFacts> ReadAsync(AccountId id, CancellationToken cancellation)
    {
        ArmAnswer account;
        try
        {
            account = await _client.GetAsync(new AccountPaths(id).Account, ApiVersions.Accounts, cancellation).ConfigureAwait(false);
        }
        catch (AccountException e) when (e.Code == "AccountNotFound")
        {
            return new AccountFacts { Id = id, Exists = false };
        }

        account.Headers.TryGetValue(RetirementDate, out string? header);
        List<string> running =
        [
            .. await RunningAsync(id, "streamingEndpoints", "streaming endpoint", cancellation).ConfigureAwait(false),
            .. await RunningAsync(id, "liveEvents", "live event", cancellation).ConfigureAwait(false),
        ];
        return new AccountFacts
        {
            Id = id,
            Exists = true,
            Region = Json.Text(account.Body, "location"),
            RetirementDateHeader = header,
            StillRunning = running,
            StorageAccounts = [.. StorageAccounts(account.Body)],
        };
    }

    /// <summary>What runs is worth knowing, but a list that is refused is no reason to know nothing of the account.</summary>
    private async Task<IReadOnlyList<string>> RunningAsync(AccountId id, string kind, string name, CancellationToken cancellation)
    {
        List<string> running = [];
        try
        {
            await foreach (JsonElement item in _client.ListAsync(new AccountPaths(id).Below(kind), ApiVersions.Streaming, cancellation).ConfigureAwait(false))
            {
                if (Json.Text(item, "properties", "resourceState") is "Running" or "Starting")
                {
                    running.Add($"{name} {Json.Text(item, "name")}");
                }
            }
        }
        catch (AccountException e) when (e.Status is 403 or 404 or 405 or 409)
        {
            running.Add($"{name}s could not be listed: {e.ServiceCode ?? e.Code}");
        }

        return running;
    }

    /// <summary>Names, the primary one first.</summary>
    internal static IEnumerable<string> StorageAccounts(JsonElement account) =>
        Json.Items(account, "properties", "storageAccounts")
            .OrderBy(storage => Json.Text(storage, "type") == "Primary" ? 0 : 1)
            .Select(storage => Json.Text(storage, "id")?.Split('/').Last())
            .OfType<string>();

    private static string Escape(string part) => Uri.EscapeDataString(part);
}
