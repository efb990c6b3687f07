using System.Management.Automation;
using AmsMigration.Accounts;
using AmsMigration.Assets;
using AmsMigration.Parameters;
using AmsMigration.Recommendations;

namespace AmsMigration.Commands;

/// <summary>Ranks the ways out of Azure Media Services for an account, for assets, or in general.</summary>
[Cmdlet(VerbsCommon.Get, "AmsMigrationRecommendation", DefaultParameterSetName = "General", HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsMigrationRecommendation))]
public sealed class GetAmsMigrationRecommendationCommand : PSCmdlet
{
    private readonly List<AmsAsset> _assets = [];
    private MigrationCatalogue _catalogue = null!;

    [Parameter(ParameterSetName = "Account", Mandatory = true, ValueFromPipeline = true, HelpMessage = "Accounts from Get-AmsAccountExpiry.")]
    [Parameter(ParameterSetName = "Asset", HelpMessage = "The account that the assets belong to.")]
    [ValidateNotNull]
    public AmsAccountExpiry? Account { get; set; }

    [Parameter(
        ParameterSetName = "Asset", Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "Assets from Get-AmsAsset: one answer for all of them.")]
    [ValidateNotNull]
    public AmsAsset[] Asset { get; set; } = [];

    [Parameter(HelpMessage = "What the way out must do; an option that cannot is ruled out.")]
    public MigrationNeed[] Require { get; set; } = [];

    [Parameter(HelpMessage = "What the way out should do; it orders the options.")]
    public MigrationNeed[] Prefer { get; set; } = [];

    [Parameter(HelpMessage = "The day that the answer is for; by default today.")]
    public DateTime AsOf { get; set; } = DateTime.UtcNow.Date;

    [Parameter(HelpMessage = "Megabits a second at which media can be moved. The default is 1000.")]
    [ValidateRange(1, 1_000_000)]
    public int MegabitsPerSecond { get; set; } = 1000;

    [Parameter(HelpMessage = "A catalogue of options in YAML instead of the one that ships.")]
    [ValidateNotNullOrEmpty]
    public string? CatalogPath { get; set; }

    [Parameter(HelpMessage = "Print why each option stands where it stands.")]
    public SwitchParameter Explain { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _catalogue = Parameters.CatalogPath.Read(this, CatalogPath);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _assets.AddRange(Asset);
        if (ParameterSetName == "Account")
        {
            Answer(Account, []);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName != "Account")
        {
            Answer(Account, _assets);
        }
    }

    private void Answer(AmsAccountExpiry? account, IReadOnlyCollection<AmsAsset> assets)
    {
        var needs = new MigrationSituation { AsOf = AsOf, Required = Require, Preferred = Prefer, MegabitsPerSecond = MegabitsPerSecond };
        foreach (AmsMigrationRecommendation recommendation in Recommender.Recommend(_catalogue, needs, account, assets))
        {
            if (Explain)
            {
                foreach (string line in RecommendationText.Explain(recommendation))
                {
                    WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST"]);
                }
            }

            WriteObject(recommendation);
        }
    }
}
