BeforeAll {
    . "$PSScriptRoot/Account.ps1"
    $server = Start-AccountServer (Join-Path $TestDrive 'server') 'active1', 'expired1'
}

AfterAll {
    Stop-AccountServer $server
}

Describe 'Get-AmsAccountExpiry' {
    It 'lists the accounts of the session''s subscription, whatever Azure.Core somebody else has loaded' {
        $all = Invoke-AccountShell $server 'Get-AmsAccountExpiry'
        $all.AccountName | Should -Be @('active1', 'expired1')
        $all[0].PSObject.TypeNames[0] | Should -Be 'Deserialized.AmsMigration.Accounts.AmsAccountExpiry'
        $all.Phase.Value | Should -Be @('Extended', 'DeletionDue')
        $all[0].DaysLeft | Should -BeIn 19, 20
        $all[0].StillRunning | Should -Be 'streaming endpoint default'
        $all[0].StorageAccounts | Should -Be @('active1store', 'active1more')
    }

    It 'takes a plain token of an older Az.Accounts, too' {
        $env:STAND_IN_PLAIN_TOKEN = '1'
        try {
            (Invoke-AccountShell $server 'Get-AmsAccountExpiry').Count | Should -Be 2
        }
        finally {
            $env:STAND_IN_PLAIN_TOKEN = $null
        }
    }

    It 'takes a name, a resource id from the pipeline, and another day' {
        $found = Invoke-AccountShell $server @'
            Get-AmsAccountExpiry media expired1 -AsOf 2024-07-10
            [pscustomobject]@{ ResourceId = (Get-AmsAccountExpiry media expired1).ResourceId.ToUpperInvariant() } | Get-AmsAccountExpiry
            (Get-AmsAccountExpiry -AllSubscriptions).AccountName
'@
        $found[0].Phase.Value | Should -Be 'ReadOnly'
        $found[0].DaysLeft | Should -Be 80
        $found[1].AccountName | Should -Be 'EXPIRED1'
        $found[2, 3] | Should -Be @('active1', 'expired1')
    }

    It 'answers for an account that is gone' {
        $gone = Invoke-AccountShell $server 'Get-AmsAccountExpiry media gone'
        $gone.Phase.Value | Should -Be 'Deleted'
        $gone.StillPossible -join ' ' | Should -Match 'Get-AmsAsset'
    }

    It 'shows a table and a list' {
        $text = Invoke-AccountShell $server 'Get-AmsAccountExpiry | Format-Table | Out-String -Width 160; Get-AmsAccountExpiry media active1 | Format-List | Out-String -Width 160'
        $text[0] | Should -Match 'active1\s+Extended\s+(19|20)\s+\d{4}-\d\d-\d\d'
        $text[1] | Should -Match 'Losses\s+: streaming locators'
    }

    It 'goes on to a recommendation' {
        $ranked = Invoke-AccountShell $server 'Get-AmsAccountExpiry media active1 | Get-AmsMigrationRecommendation -AsOf 2024-06-01'
        $ranked.Count | Should -Be 12
        $ranked[0].AccountName | Should -Be 'active1'
        ($ranked | Where-Object OptionId -EQ 'arcvideo').RuledOutBy | Should -Contain 'not in the public cloud'
    }

    It 'says how to sign in where nobody is, and takes a token instead' {
        $said = Invoke-AccountShell $server -SignedOut @"
            Get-AmsAccountExpiry media active1 -SubscriptionId $subscription -ResourceManagerUrl `$url -ErrorAction Continue
            Get-AmsAccountExpiry media active1 -SubscriptionId $subscription -ResourceManagerUrl `$url -AccessToken (ConvertTo-SecureString $accountToken -AsPlainText -Force)
            Get-AmsAccountExpiry media active1 -SubscriptionId $subscription -ResourceManagerUrl `$url -AccessToken (ConvertTo-SecureString wrong -AsPlainText -Force) -ErrorAction Continue
"@
        $said[0].FullyQualifiedErrorId | Should -Be 'SignInMissing,AmsMigration.Commands.GetAmsAccountExpiryCommand'
        $said[0].Exception.Message | Should -Match 'Connect-AzAccount'
        $said[1].AccountName | Should -Be 'active1'
        $said[2].FullyQualifiedErrorId | Should -Be 'AccountUnauthorized,AmsMigration.Commands.GetAmsAccountExpiryCommand'
    }

    It 'says what is wrong with ids and subscriptions, each by itself' {
        $said = Invoke-AccountShell $server @'
            Get-AmsAccountExpiry -ResourceId '/nothing', (Get-AmsAccountExpiry media active1).ResourceId -ErrorAction Continue
            Get-AmsAccountExpiry -SubscriptionId 'nobodys' -ErrorAction Continue
'@
        $said[0].FullyQualifiedErrorId | Should -Be 'InvalidResourceId,AmsMigration.Commands.GetAmsAccountExpiryCommand'
        $said[1].AccountName | Should -Be 'active1'
        $said[2].FullyQualifiedErrorId | Should -Be 'SubscriptionNotFound,AmsMigration.Commands.GetAmsAccountExpiryCommand'
    }
}

Describe 'Request-AmsAccountExtension' {
    It 'refuses where it is no longer possible, without asking the service' {
        $said = Invoke-AccountShell $server 'Get-AmsAccountExpiry | Request-AmsAccountExtension -Confirm:$false -ErrorAction Continue'
        $said.FullyQualifiedErrorId | Should -Be (@('ExtensionUnavailable,AmsMigration.Commands.RequestAmsAccountExtensionCommand') * 2)
    }

    It 'asks first, and then extends by 30 days' {
        $said = Invoke-AccountShell $server @'
            $before = Get-AmsAccountExpiry media active1
            $before | Request-AmsAccountExtension -Force -WhatIf
            $before | Request-AmsAccountExtension -Force | ForEach-Object { ($_.RetirementDate - $before.RetirementDate).TotalDays }
'@
        $said | Should -Be 30
    }
}
