using System.Management.Automation;
using AmsMigration.Accounts;
using AmsMigration.Identity;
using AmsMigration.Packaging;

namespace AmsMigration.Pipeline;

/// <summary>The error catalogue: every error record of the module is made here. Ids are stable and part of the contract.</summary>
internal static class Errors
{
    private const string BringBack =
        "Bring the blobs back: Get-AzStorageBlob -Container <name> -Context <context> | Where-Object AccessTier -EQ Archive | "
        + "ForEach-Object { $_.BlobClient.SetAccessTier('Hot') }; that takes up to 15 hours. Then run the same command again: it goes on from there.";

    /// <summary>Categories and advice by the code of a <see cref="PackagingException"/>; a code that is not named here says that the data is wrong.</summary>
    private static readonly Dictionary<string, (ErrorCategory Category, string Advice)> Known = new()
    {
        ["FolderNotFound"] = (ErrorCategory.ObjectNotFound, "Get-AmsAsset lists the assets that are there."),
        ["FileNotFound"] = (ErrorCategory.ObjectNotFound, "Look whether the whole container was copied. A deleted blob may be restored where soft delete is on: Get-AzStorageBlob -IncludeDeleted shows it."),
        ["FolderUnreadable"] = (ErrorCategory.PermissionDenied, "Look at the permissions of the folder."),
        ["FileUnreadable"] = (ErrorCategory.ReadError, "Look at the permissions of the file, and whether another program has it open."),
        ["SourceChanged"] = (ErrorCategory.ReadError, "Run the command again when nothing writes to the asset."),
        ["StoreTimedOut"] = (ErrorCategory.OperationTimeout, "Run the command again: it goes on from there."),
        ["OutputUnwritable"] = (ErrorCategory.WriteError, "Look at the permissions of the destination."),
        ["OutputPathTooLong"] = (ErrorCategory.InvalidArgument, "Choose a shorter -Destination, or shorter names with -PathTemplate and -ManifestName."),
        ["OutputFull"] = (ErrorCategory.LimitsExceeded, "Make room and run the same command again: it goes on from there. Clear-AmsMigrationStatus removes what was begun."),
        ["OutputUnreadable"] = (ErrorCategory.ReadError, "Look at the permissions of the destination."),
        ["RecordUnreadable"] = (ErrorCategory.InvalidData, "Delete the file _static.json of this output, and convert the asset again with -Force."),
        ["OutputInUse"] = (ErrorCategory.ResourceBusy, "Run the command again when the other run has ended, or end it with -BreakLease."),
        ["ClaimLost"] = (ErrorCategory.ResourceBusy, "The other run goes on with it. Run the command again when that has ended; what was written is kept."),
        ["ClaimNotBroken"] = (ErrorCategory.ResourceBusy, "End the process that is named, or wait for it with -WaitForOther."),
        ["StorageAddressWrong"] = (ErrorCategory.InvalidArgument, "For example: https://<account>.blob.core.windows.net/<container>, with a shared access signature or a sign-in."),
        ["StorageUnauthorized"] = (ErrorCategory.AuthenticationError, "Run Connect-AzAccount again, or give -ConnectionString, -AccessToken, or an address with a shared access signature."),
        ["StorageForbidden"] = (ErrorCategory.PermissionDenied, "Assign the role that is named (New-AzRoleAssignment -RoleDefinitionName ... -Scope <storage account>), which takes some minutes to hold, or make a signature with the permissions that are named; and look at the account's firewall."),
        ["StorageSignatureRefused"] = (ErrorCategory.AuthenticationError, "Make a new shared access signature that lasts longer than the run, and run the same command again: it goes on from there."),
        ["StorageHostUnknown"] = (ErrorCategory.ObjectNotFound, "Look at the spelling of the storage account, and whether it was deleted."),
        ["StorageUnreachable"] = (ErrorCategory.ConnectionError, "Look at the network, the proxy and the account's firewall, then run the same command again: it goes on from there."),
        ["StorageThrottled"] = (ErrorCategory.LimitsExceeded, "Run the same command again with a lower -ThrottleLimit: it goes on from there."),
        ["StorageUnavailable"] = (ErrorCategory.ResourceUnavailable, "Run the same command again: it goes on from there."),
        ["SourceArchived"] = (ErrorCategory.ResourceUnavailable, BringBack),
        ["OutputArchived"] = (ErrorCategory.ResourceUnavailable, BringBack),
        ["OutputChanged"] = (ErrorCategory.ResourceBusy, "Run the command again when nothing else writes to the destination."),
        ["OutputHasSnapshots"] = (ErrorCategory.ResourceExists, "Delete the snapshots (Get-AzStorageBlob -IncludeVersion shows them) if nobody needs them, or choose another destination."),
        ["ContainerNotCreated"] = (ErrorCategory.PermissionDenied, "Make the container first (New-AzStorageContainer), or give a credential that may: the role Storage Blob Data Contributor on the account."),
        ["ClockWrong"] = (ErrorCategory.AuthenticationError, "Set the clock (w32tm /resync, timedatectl set-ntp true) and run the same command again: it goes on from there."),
        ["StorageKeyNotPermitted"] = (ErrorCategory.AuthenticationError, "Run Connect-AzAccount and leave -ConnectionString out, or give a signature that was made with a sign-in (user delegation)."),
        ["StorageAccountDisabled"] = (ErrorCategory.ResourceUnavailable, "Look at the state of the subscription: Get-AzSubscription. Storage of one that was disabled is deleted after a while."),
        ["ContainerNotFound"] = (ErrorCategory.ObjectNotFound, "Look at the spelling. A deleted container may be restored where soft delete is on: Restore-AzStorageContainer."),
        ["ContainerBeingDeleted"] = (ErrorCategory.ResourceBusy, "Wait some minutes, or choose another name."),
        ["OutputImmutable"] = (ErrorCategory.PermissionDenied, "Choose another destination, or remove the hold or policy."),
        ["OutputLeased"] = (ErrorCategory.ResourceBusy, "Release the lease, or choose another destination."),
        ["EncryptionKeyMissing"] = (ErrorCategory.SecurityError, "Give the account's export by -EncryptionKeyPath, or a file with what getEncryptionKey answered. Export-AmsAssetMetadata -IncludeKeys saves keys while the account answers; with the account they are lost."),
        ["ContentKeyMissing"] = (ErrorCategory.SecurityError, "Give the key: -ContentKey for the output, -SourceContentKey for the source, or metadata that was exported with -IncludeKeys; -NewContentKeyPath makes new keys for the output."),
        ["ContentKeyUnavailable"] = (ErrorCategory.SecurityError, "Give the key with -ContentKey, or export again with -IncludeKeys while the account answers."),
        ["ContentKeyAmbiguous"] = (ErrorCategory.InvalidArgument, "Give the keys with -ContentKey: @{ KeyId = ...; Key = ...; Kind = 'Video' }, and the same for Audio."),
        ["InvalidContentKey"] = (ErrorCategory.InvalidArgument, "A key has 16 bytes."),
        ["KeyFileUnreadable"] = (ErrorCategory.InvalidData, "Name a file that an earlier run made, or one that is not there yet."),
        ["KeyFileUnwritable"] = (ErrorCategory.WriteError, "Name a file that can be written, and keep it: without the keys nothing plays."),
        ["LicenseUriMissing"] = (ErrorCategory.InvalidArgument, "For example: -LicenseUri 'https://keys.contoso.com/?kid={KeyIdGuid}'."),
        ["ProtectionNotPossible"] = (ErrorCategory.InvalidOperation, "Convert it with -Protection None where it may lie in the clear."),
        ["SliceHeaderUnreadable"] = (ErrorCategory.InvalidData, "Cenc keeps no slice headers in the clear: convert it with -Protection Cenc."),
        ["EncryptionKeyWrong"] = (ErrorCategory.InvalidData, "Expected is what the action getEncryptionKey of the asset answers: key, and assetFileEncryptionMetadata."),
        ["ExportNotFound"] = (ErrorCategory.ObjectNotFound, "Name the folder that Export-AmsAssetMetadata -Path was given, or the folder of one account in it."),
        ["PassphraseMissing"] = (ErrorCategory.AuthenticationError, "Give -Passphrase (Read-Host -AsSecureString)."),
        ["PassphraseWrong"] = (ErrorCategory.AuthenticationError, "Give the passphrase of the first run, or export to another folder."),
        ["CertificateMissing"] = (ErrorCategory.AuthenticationError, "Give -Certificate with its private key, e.g. (Get-Item Cert:\\CurrentUser\\My\\<thumbprint>)."),
        ["CertificateWrong"] = (ErrorCategory.AuthenticationError, "Give a certificate with an RSA key, the one that the keys were saved for."),
        ["SecretUnreadable"] = (ErrorCategory.InvalidData, "The file was changed or cut. Run Export-AmsAssetMetadata -Force again while the account answers."),
        ["StreamingUrlsUnknown"] = (ErrorCategory.ObjectNotFound, "Give the account's export by -MetadataPath, or convert with metadata from Export-AmsAssetMetadata or with -LocatorId."),
        ["MapUnreadable"] = (ErrorCategory.InvalidData, "Name streaming-urls.csv or streaming-urls.json of a map, or a table with a column OldUrl."),
        ["OutputTooLarge"] = (ErrorCategory.LimitsExceeded, "Convert with -Layout Segmented."),
        ["OutputExists"] = (ErrorCategory.ResourceExists, "Add -Force to overwrite it."),
        ["DestinationTaken"] = (ErrorCategory.ResourceExists, "Convert it in another run, or keep the assets apart with -PathTemplate."),
        ["AliasTaken"] = (ErrorCategory.ResourceExists, "Add -Force to write over them, or choose another -UrlDestination."),
        ["UrlDestinationUnreachable"] = (ErrorCategory.InvalidArgument, "Choose -UrlDestination on the side of -Destination: both in folders on one drive, or both in storage."),
        ["DestinationIsSource"] = (ErrorCategory.InvalidArgument, "Choose a destination beside the asset."),
        ["NotPlayableInPlace"] = (ErrorCategory.InvalidData, "Convert it with -Destination: a conversion mends what players cannot play."),
        ["InPlaceNameTaken"] = (ErrorCategory.ResourceExists, "Give the manifests another name with -ManifestName, or convert the asset with -Destination."),
        ["TemplateValueMissing"] = (ErrorCategory.InvalidArgument, "Use {AssetName} or {ContainerName} in -PathTemplate: every asset has them. What only the account knew is lost with it."),
        ["UnsafePath"] = (ErrorCategory.SecurityError, "The name comes from the asset and leads out of its folder, or nowhere; it is not followed."),
        ["NothingConvertible"] = (ErrorCategory.InvalidData, "Get-AmsAsset shows its tracks and faults; -CopyNonStreamable copies its files as they are."),
        ["NothingToPackage"] = (ErrorCategory.InvalidData, "Get-AmsAsset shows its tracks and faults."),
    };

    /// <summary>The same of an <see cref="AccountException"/>.</summary>
    private static readonly Dictionary<string, (ErrorCategory Category, string Advice)> KnownOfAccounts = new()
    {
        ["AccountUnauthorized"] = (ErrorCategory.AuthenticationError, "Run Connect-AzAccount again, or give a token for Azure Resource Manager that has not ended."),
        ["AccountForbidden"] = (ErrorCategory.PermissionDenied, "Reading needs the role Reader on the account: New-AzRoleAssignment -SignInName <you> -RoleDefinitionName Reader -Scope <ResourceId>. Keys need Contributor."),
        ["SubscriptionNotFound"] = (ErrorCategory.ObjectNotFound, "Look at the subscription id and the tenant: Get-AzSubscription lists what the sign-in sees; Connect-AzAccount -Tenant changes it."),
        ["AccountNotFound"] = (ErrorCategory.ObjectNotFound, "Get-AmsAccountExpiry says what can still be done."),
        ["AccountReadOnly"] = (ErrorCategory.InvalidOperation, "The account has expired and answers reads alone."),
        ["AccountThrottled"] = (ErrorCategory.LimitsExceeded, "Run the command again in some minutes."),
        ["AccountUnavailable"] = (ErrorCategory.ResourceUnavailable, "Run the command again; give support the request id if it stays so."),
        ["AccountUnreachable"] = (ErrorCategory.ConnectionError, "Look at the network and proxy, and for another cloud at -ResourceManagerUrl."),
        ["AccountAnswerWrong"] = (ErrorCategory.InvalidResult, "Look whether a proxy answers in place of Azure; give support the request id."),
        ["AccountRefused"] = (ErrorCategory.InvalidOperation, "The text says what the service found wrong."),
        ["KeyVaultForbidden"] = (ErrorCategory.PermissionDenied, "Setting secrets needs the role Key Vault Secrets Officer on the vault, and reading them Key Vault Secrets User; look at its firewall, too."),
        ["KeyVaultUnavailable"] = (ErrorCategory.ResourceUnavailable, "Look at the address and at the network, then run the same command again: it goes on from there."),
        ["ExtensionUnavailable"] = (ErrorCategory.InvalidOperation, "Export what the account knows while it answers: Export-AmsAssetMetadata."),
    };

    private static readonly (ErrorCategory Category, string Advice) WrongData = (ErrorCategory.InvalidData, "Get-AmsAsset shows what else is wrong with this asset.");

    /// <summary>What went wrong with one item of the pipeline.</summary>
    public static ErrorRecord From(Exception exception, object target) => exception switch
    {
        PackagingException packaging => FromPackaging(packaging, target),
        AccountException account => Make(account, account.Code, KnownOfAccounts[account.Code].Category, target, KnownOfAccounts[account.Code].Advice),
        SignInException signIn => Make(signIn, signIn.Code, ErrorCategory.AuthenticationError, target, "Run Connect-AzAccount, or give -ManagedIdentity or -AccessToken."),
        WildcardPatternException => Make(exception, "PatternWrong", ErrorCategory.InvalidArgument, target, "A [ that stands for itself is written `[."),
        UnauthorizedAccessException => Make(exception, "AccessDenied", ErrorCategory.PermissionDenied, target, "Look at the permissions of the asset and of the destination."),
        IOException => Make(exception, "InputOutputFailed", ErrorCategory.ReadError, target, "Look whether the disk or network drive is there, then run the command again."),
        OperationCanceledException => Make(exception, "Cancelled", ErrorCategory.OperationStopped, target, "Run the command again."),
        _ => Make(exception, "UnexpectedError", ErrorCategory.NotSpecified, target, "This is a fault of the module: please report it with the text of $Error[0] | Format-List -Force."),
    };

    public static ErrorRecord PathNotFound(string path, Exception exception) =>
        Make(exception, "PathNotFound", ErrorCategory.ObjectNotFound, path, "Look at the spelling. -LiteralPath takes names with [ and ] as they are.");

    public static ErrorRecord PatternIsName(string path) => Make(
        new ItemNotFoundException($"'{path}' is a pattern that nothing matches, and the name of something that is there."),
        "PathNotFound", ErrorCategory.ObjectNotFound, path, "Give it to -LiteralPath, which takes names with [ and ] as they are.");

    public static ErrorRecord PathWrong(string path) => Make(
        new PSArgumentException(string.IsNullOrWhiteSpace(path) ? "A path is expected, and blanks are given." : "A path has no NUL character in it."),
        "PathWrong", ErrorCategory.InvalidArgument, path, "Look at the variable or file that the path comes from.");

    public static ErrorRecord PathUnreadable(string path, Exception exception) =>
        Make(exception, "PathUnreadable", ErrorCategory.PermissionDenied, path, "Look at the permissions of the folder.");

    public static ErrorRecord NotFileSystem(string path, string provider) => Make(
        new PSArgumentException($"'{path}' belongs to the provider '{provider}'; only paths of the file system can be used."),
        "NotFileSystemPath", ErrorCategory.InvalidArgument, path, "Give a path of the file system, e.g. with its drive.");

    public static ErrorRecord SourceAmbiguous(string path, int count) => Make(
        new PSArgumentException($"'{path}' holds {count} assets; an output is compared with one."),
        "SourceAmbiguous", ErrorCategory.InvalidArgument, path, "Name the folder of the asset that the output was made from.");

    public static ErrorRecord MeaninglessInPlace(string parameter) => Make(
        new PSArgumentException($"-{parameter} means nothing with -InPlace: segments stay what and where they are.", parameter),
        "MeaninglessInPlace", ErrorCategory.InvalidArgument, parameter, $"Leave -{parameter} out, or convert with -Destination.");

    public static ErrorRecord UrlLayoutMissing() => Make(
        new PSArgumentException("-LocatorId, -UrlDestination and -SmoothStreaming are for -UrlLayout StreamingLocator, and -UrlLayout Asset was given.", "UrlLayout"),
        "UrlLayoutMissing", ErrorCategory.InvalidArgument, "UrlLayout", "Give -UrlLayout StreamingLocator, or leave the others out.");

    public static ErrorRecord UrlDestinationMissing() => Make(
        new PSArgumentException("Media stays where it is with -InPlace; where its manifests at the paths of locators go is not known.", "UrlDestination"),
        "UrlDestinationMissing", ErrorCategory.InvalidArgument, "UrlDestination", "For example: -UrlDestination https://<account>.blob.core.windows.net, for a container for each locator.");

    public static ErrorRecord LayoutNotEncryptable(object layout) => Make(
        new PSArgumentException($"-Protection Aes128 encrypts whole segments, which -Layout {layout} has none of.", "Layout"),
        "LayoutNotEncryptable", ErrorCategory.InvalidArgument, layout, "Leave -Layout out, or choose Cenc or Cbcs.");

    public static ErrorRecord KeysGivenTwice() => Make(
        new PSArgumentException("-ContentKey gives keys and -NewContentKeyPath makes new ones; only one of them can be meant.", "NewContentKeyPath"),
        "KeysGivenTwice", ErrorCategory.InvalidArgument, "NewContentKeyPath", "Leave one of the two out.");

    public static ErrorRecord InvalidPathTemplate(string template, FormatException exception) =>
        Make(exception, "InvalidPathTemplate", ErrorCategory.InvalidArgument, template, "For example: -PathTemplate 'video/{AssetName}'.");

    public static ErrorRecord InvalidResourceId(string resourceId, FormatException exception) =>
        Make(exception, "InvalidResourceId", ErrorCategory.InvalidArgument, resourceId, "Get-AzResource -ResourceType Microsoft.Media/mediaservices writes objects that have it.");

    public static ErrorRecord SubscriptionMissing() => Make(
        new PSArgumentException("No subscription is named, and the session's sign-in has none."),
        "SubscriptionMissing", ErrorCategory.InvalidArgument, "SubscriptionId", "Give -SubscriptionId, or run Connect-AzAccount or Set-AzContext -Subscription.");

    public static ErrorRecord InvalidCatalog(string file, Exception exception) =>
        Make(exception, "InvalidCatalog", ErrorCategory.ParserError, file, "about_AmsMigration_Recommendation describes the schema; the catalogue that ships is an example.");

    public static ErrorRecord AccountDeleted(AmsAccountExpiry account) => Make(
        new AccountException("AccountNotFound", $"The account '{account.AccountName}' is deleted, and with it what it knew."),
        "AccountNotFound", ErrorCategory.ObjectNotFound, account,
        "What storage knows is saved by Get-AmsAsset -StorageAccountName <name> | Export-AmsAssetMetadata -Path <folder>.");

    public static ErrorRecord ExportNotFound(string path) => Make(
        new PSArgumentException($"'{path}' is not there."), "ExportNotFound", ErrorCategory.ObjectNotFound, path,
        "Name the folder that Export-AmsAssetMetadata -Path was given, or the folder of one account in it.");

    /// <param name="ways">How many places for keys are named.</param>
    public static ErrorRecord KeysTarget(bool includesKeys, int ways) => Make(
        new PSArgumentException((includesKeys, ways) switch
        {
            (true, 0) => "-IncludeKeys does not say where keys go.",
            (false, 1) => "A place for keys is named, but -IncludeKeys is not given.",
            _ => "More than one place for keys is named.",
        }),
        (includesKeys, ways) switch { (true, 0) => "KeysTargetMissing", (false, 1) => "KeysNotIncluded", _ => "KeysTargetAmbiguous" },
        ErrorCategory.InvalidArgument, "IncludeKeys",
        "Give -IncludeKeys with one of -KeyVaultUri, -Certificate, -Passphrase and -AllowPlainText.");

    public static ErrorRecord InvalidStreamingUrl(string url) => Make(
        new PSArgumentException($"'{url}' cannot be tested: expected is https://<host>/<locator id>/<name>.ism/manifest(...), or without -BaseUri any address of a manifest."),
        "InvalidStreamingUrl", ErrorCategory.InvalidArgument, url, "A path alone needs -BaseUri. (Import-Csv streaming-urls.csv).OldUrl lists the addresses of a map.");

    public static ErrorRecord OldHostNameNeedsBaseUri() => Make(
        new PSArgumentException("-UseOldHostName says by which name a new host is asked, and -BaseUri does not say which host.", "UseOldHostName"),
        "OldHostNameNeedsBaseUri", ErrorCategory.InvalidArgument, "UseOldHostName", "For example: -BaseUri http://10.1.2.3 -UseOldHostName.");

    public static ErrorRecord LogUnwritable(string path, Exception exception) =>
        Make(exception, "LogUnwritable", ErrorCategory.OpenError, path, "Name a file in a folder that you may write to.");

    private static ErrorRecord FromPackaging(PackagingException exception, object target)
    {
        (ErrorCategory category, string advice) = Known.TryGetValue(exception.Code, out (ErrorCategory, string) known) ? known : WrongData;
        return Make(exception, exception.Code, category, target, advice);
    }

    private static ErrorRecord Make(Exception exception, string id, ErrorCategory category, object target, string advice) =>
        new(exception, id, category, target) { ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = advice } };
}
