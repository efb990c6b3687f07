using System.Globalization;
using System.Text.Json.Nodes;

namespace AmsMigration.TestAccounts;

/// <summary>Accounts with everything in them that an account can hold.</summary>
public static class MadeAccount
{
    public const string Subscription = "11111111-2222-3333-4444-555555555555";
    public const string ResourceGroup = "media";

    /// <summary>Secrets of the account: none of them may be anywhere that was not asked for them.</summary>
    public static readonly string[] Secrets =
        ["c2VjcmV0LWNvbnRlbnQta2V5LTE=", "c2VjcmV0LXNpZ25pbmcta2V5LTE=", "c2VjcmV0LXN0b3JhZ2Uta2V5LW9mLTMyLWJ5dGVzLi4="];

    /// <summary>Secrets that the service shows in resources which are no secrets.</summary>
    public static readonly string[] OpenSecrets = ["ingest-token-of-the-studio", "c2lnbmF0dXJlLW9mLWEtam9i"];

    /// <param name="name">Those whose name begins with <c>expired</c> are read-only, the others have 20 days left.</param>
    public static Account Create(string name, int assets)
    {
        bool isActive = !name.StartsWith("expired", StringComparison.Ordinal);
        var account = new Account(Subscription, ResourceGroup, name)
        {
            RetirementDate = (isActive ? DateTimeOffset.UtcNow.AddDays(20) : new DateTimeOffset(2024, 6, 30, 0, 0, 0, TimeSpan.Zero)).ToString("R", CultureInfo.InvariantCulture),
            IsReadOnly = !isActive,
            Body = Node($$"""
                {
                  "location": "West Europe", "tags": { "team": "video" },
                  "properties": {
                    "mediaServiceId": "0d3a1f6e-8d5b-4c7f-9c4e-3f6a5b4c3d2e", "unknownToUs": { "kept": [1, 2.50, null] },
                    "storageAccounts": [
                      { "id": "/subscriptions/{{Subscription}}/resourceGroups/media/providers/Microsoft.Storage/storageAccounts/{{name}}more", "type": "Secondary" },
                      { "id": "/subscriptions/{{Subscription}}/resourceGroups/media/providers/Microsoft.Storage/storageAccounts/{{name}}store", "type": "Primary" }
                    ]
                  }
                }
                """),
        };
        AddEndpoints(account, isActive);
        AddPolicies(account);
        for (int i = 1; i <= assets; i++)
        {
            AddAsset(account, i);
        }

        return account;
    }

    private static void AddEndpoints(Account account, bool isActive)
    {
        Add(account, "streamingEndpoints", "default", $$"""
            { "hostName": "{{account.Name}}-euwe.streaming.media.azure.net", "resourceState": "{{(isActive ? "Running" : "Stopped")}}", "cdnEnabled": true, "customHostNames": ["video.example.com"],
              "freeTrialEndTime": "0001-01-01T00:00:00-08:00", "created": "2018-03-03T02:25:09.2310128Z" }
            """);
        Add(account, "streamingEndpoints", "premium", $$"""{ "hostName": "premium-{{account.Name}}-euwe.streaming.media.azure.net", "resourceState": "Stopped", "customHostNames": [] }""");
        Add(account, "liveEvents", "studio", $$"""
            { "resourceState": "Stopped", "created": "2023-01-02T03:04:05Z", "input": { "streamingProtocol": "RTMP", "accessToken": "{{OpenSecrets[0]}}",
                "endpoints": [ { "protocol": "RTMP", "url": "rtmp://studio.channel.media.azure.net:1935/live/{{OpenSecrets[0]}}" } ] } }
            """);
        Add(account, "liveEvents/studio/liveOutputs", "monday", """{ "assetName": "asset 1", "archiveWindowLength": "PT1H", "manifestName": "monday" }""");
        account.Answer("listEdgePolicies", Node("""{ "usageDataCollectionPolicy": { "dataCollectionFrequency": "PT10M", "maxAllowedUnreportedUsageDuration": "P1D" } }"""));
        Add(account, "accountFilters", "mobile", """{ "firstQuality": { "bitrate": 128000 }, "tracks": [ { "trackSelections": [ { "property": "Bitrate", "operation": "Equal", "value": "0-1000000" } ] } ] }""");
        Add(account, "transforms", "adaptive", """{ "created": "2022-01-01T00:00:00Z", "outputs": [ { "preset": { "@odata.type": "#Microsoft.Media.BuiltInStandardEncoderPreset", "presetName": "AdaptiveStreaming" } } ] }""");
    }

    private static void AddPolicies(Account account)
    {
        Add(account, "streamingPolicies", "Predefined_ClearStreamingOnly", """{ "noEncryption": { "enabledProtocols": { "dash": true, "hls": true, "smoothStreaming": true, "download": false } } }""");
        Add(account, "streamingPolicies", "Predefined_ClearKey", """{ "envelopeEncryption": { "enabledProtocols": { "dash": true, "hls": true, "smoothStreaming": true, "download": false } } }""");
        Add(account, "contentKeyPolicies", "tokens", """{ "policyId": "ed7f3d1b-cfa7-4181-b966-e0b3027eec3a", "options": [ { "name": "jwt" } ] }""");
        account.Answer("contentKeyPolicies/tokens/getPolicyPropertiesWithSecrets", Node($$"""
            { "policyId": "ed7f3d1b-cfa7-4181-b966-e0b3027eec3a", "options": [ { "name": "jwt", "configuration": { "@odata.type": "#Microsoft.Media.ContentKeyPolicyClearKeyConfiguration" },
              "restriction": { "@odata.type": "#Microsoft.Media.ContentKeyPolicyTokenRestriction", "issuer": "https://issuer.example.com", "audience": "urn:video",
                "primaryVerificationKey": { "@odata.type": "#Microsoft.Media.ContentKeyPolicySymmetricTokenKey", "keyValue": "{{Secrets[1]}}" }, "restrictionTokenType": "Jwt" } } ] }
            """));
    }

    private static void AddAsset(Account account, int number)
    {
        string name = $"asset {number}";
        string guid = $"00000000-0000-4000-8000-{number:000000000000}";
        bool isEncrypted = number % 10 == 2;
        Add(account, "assets", name, $$"""
            { "assetId": "{{guid}}", "created": "2021-01-01T00:00:00Z", "lastModified": "2021-06-01T00:00:00Z", "alternateId": "alt-{{number}}", "description": "Asset number {{number}}, nb:cid:UUID:{{guid}}",
              "container": "asset-{{guid}}", "storageAccountName": "{{account.Name}}store", "storageEncryptionFormat": "{{(isEncrypted ? "MediaStorageClientEncryption" : "None")}}", "newerThanUs": 1.10 }
            """);
        Add(account, $"assets/{name}/assetFilters", "intro", """{ "presentationTimeRange": { "startTimestamp": 0, "endTimestamp": 170000000, "presentationWindowDuration": 9223372036854774806, "timescale": 10000000 } }""");
        Add(account, $"assets/{name}/tracks", "audio", """{ "provisioningState": "Succeeded", "track": { "@odata.type": "#Microsoft.Media.AudioTrack", "fileName": "a.mp4", "languageCode": "en" } }""");
        if (isEncrypted)
        {
            account.Answer($"assets/{name}/getEncryptionKey", Node($$"""
                { "key": "{{Secrets[2]}}", "assetFileEncryptionMetadata": [ { "initializationVector": "-988929866", "assetFileName": "a.mp4", "assetFileId": "{{guid}}" } ] }
                """));
        }

        bool isProtected = number % 2 == 0;
        string locator = $"10000000-0000-4000-8000-{number:000000000000}";
        Add(account, "streamingLocators", $"locator {number}", $$"""
            { "assetName": "{{name}}", "created": "2021-06-01T00:00:00Z", "endTime": "9999-12-31T23:59:59.9999999Z", "streamingLocatorId": "{{locator}}",
              "streamingPolicyName": "{{(isProtected ? "Predefined_ClearKey" : "Predefined_ClearStreamingOnly")}}", "defaultContentKeyPolicyName": {{(isProtected ? "\"tokens\"" : "null")}}, "filters": ["mobile"] }
            """);
        string encryption = isProtected ? "encryption=cbc" : "";
        string comma = isProtected ? "," : "";
        account.Answer($"streamingLocators/locator {number}/listPaths", Node($$"""
            { "streamingPaths": [
                { "streamingProtocol": "Hls", "encryptionScheme": "{{(isProtected ? "EnvelopeEncryption" : "NoEncryption")}}", "paths": ["/{{locator}}/talk.ism/manifest(format=m3u8-cmaf{{comma}}{{encryption}})"] },
                { "streamingProtocol": "Dash", "encryptionScheme": "{{(isProtected ? "EnvelopeEncryption" : "NoEncryption")}}", "paths": ["/{{locator}}/talk.ism/manifest(format=mpd-time-cmaf{{comma}}{{encryption}})"] },
                { "streamingProtocol": "SmoothStreaming", "encryptionScheme": "{{(isProtected ? "EnvelopeEncryption" : "NoEncryption")}}", "paths": ["/{{locator}}/talk.ism/manifest{{(isProtected ? "(encryption=cbc)" : "")}}"] } ],
              "downloadPaths": [] }
            """));
        account.Answer($"streamingLocators/locator {number}/listContentKeys", Node(isProtected
            ? $$"""{ "contentKeys": [ { "id": "9259eb06-eeee-4f77-987f-{{number:000000000000}}", "type": "EnvelopeEncryption", "value": "{{Secrets[0]}}", "policyName": "tokens", "tracks": [] } ] }"""
            : """{ "contentKeys": [] }"""));
        Add(account, "transforms/adaptive/jobs", $"job {number}", $$"""
            { "state": "Finished", "created": "0001-01-01T00:00:00Z", "input": { "@odata.type": "#Microsoft.Media.JobInputs", "inputs": [ { "@odata.type": "#Microsoft.Media.JobInputAsset", "assetName": "input {{number}}", "files": [] },
                { "@odata.type": "#Microsoft.Media.JobInputHttp", "files": ["https://elsewhere.example.com/a.mp4?sv=2020&sig={{OpenSecrets[1]}}"] } ] },
              "outputs": [ { "@odata.type": "#Microsoft.Media.JobOutputAsset", "assetName": "{{name}}", "state": "Finished" } ] }
            """);
    }

    private static void Add(Account account, string list, string name, string properties) => account.Add(list, new JsonObject
    {
        ["name"] = name,
        ["id"] = $"{account.Id}/{list}/{name}",
        ["type"] = $"Microsoft.Media/mediaservices/{string.Join('/', list.Split('/').Where((_, i) => i % 2 == 0))}",
        ["properties"] = Node(properties),
    });

    private static JsonNode Node(string json) => JsonNode.Parse(json)!;
}
